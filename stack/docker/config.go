package docker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/fournines/fournines/stack"
)

var _ stack.ConfigCentre = (*Stack)(nil)

// configKeys is how many versions of a document are listed at most.
const configKeys = 1000

// Configurations walks back through what the registry has kept of a key.
func (s *Stack) Configurations(ctx context.Context, program string) ([]stack.Document, error) {
	e := s.etcd()
	var all []stack.Document
	for revision := int64(0); len(all) < configKeys; {
		kv, ok, err := e.getAt(ctx, stack.ConfigRoot+program, revision)
		switch {
		case err != nil && len(all) > 0 && ctx.Err() == nil: // what came before is compacted
			ok = false
		case err != nil:
			return nil, fmt.Errorf("read the configuration of %q: %w", program, err)
		}
		if !ok {
			break
		}
		all = append(all, stack.Document{Version: strconv.FormatInt(kv.Revision, 10), Text: kv.Value})
		if kv.Revision == kv.Created {
			break
		}
		revision = kv.Revision - 1
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("read the configuration of %q: want key %q in the registry, saw nothing there", program, stack.ConfigRoot+program)
	}
	slices.Reverse(all)
	return all, nil
}

// Configure writes a key of the registry.
func (s *Stack) Configure(ctx context.Context, program string, document []byte) (string, error) {
	version, err := s.etcd().put(ctx, stack.ConfigRoot+program, string(document))
	if err != nil {
		return "", fmt.Errorf("write the configuration of %q: %w", program, err)
	}
	return version, nil
}

// ConfigState asks a replica's admin port.
func (s *Stack) ConfigState(ctx context.Context, name string) (stack.ConfigState, error) {
	for _, m := range s.members {
		if m.Name() == name {
			return m.configState(ctx)
		}
	}
	return stack.ConfigState{}, fmt.Errorf("ask for the configuration of %q: there is no such replica", name)
}

// publish writes the programs' first documents, and what a later process needs
// to make tokens for a stack that is kept.
func (s *Stack) publish(ctx context.Context, e etcd) error {
	var problems []error
	if s.keep {
		_, err := e.put(ctx, secretKey, s.setup.Secret())
		problems = append(problems, err)
	}
	for _, program := range slices.Sorted(maps.Keys(s.setup.Documents)) {
		_, err := e.put(ctx, stack.ConfigRoot+program, string(s.setup.Documents[program]))
		if err != nil {
			problems = append(problems, fmt.Errorf("write the configuration of %q: %w", program, err))
		}
	}
	return errors.Join(problems...)
}
