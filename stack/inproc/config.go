package inproc

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/stack"
)

var _ stack.ConfigCentre = (*Stack)(nil)

// Configurations are all versions of a program's document.
func (s *Stack) Configurations(_ context.Context, program string) ([]stack.Document, error) {
	var all []stack.Document
	for _, u := range s.documents.Versions(program) {
		all = append(all, stack.Document{Version: u.Version, Text: u.Document})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("read the configuration of %q: want a document, saw none", program)
	}
	return all, nil
}

// ConfigState asks a replica's admin port.
func (s *Stack) ConfigState(ctx context.Context, name string) (stack.ConfigState, error) {
	for _, r := range s.replicas {
		if r.name == name {
			return r.configState(ctx)
		}
	}
	return stack.ConfigState{}, fmt.Errorf("ask for the configuration of %q: there is no such replica", name)
}

// Configure makes a document the newest of a program.
func (s *Stack) Configure(_ context.Context, program string, document []byte) (string, error) {
	return s.documents.Put(program, document), nil
}
