package docker

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/reference"
)

var _ stack.Tokens = (*Stack)(nil)

// secretKey is where a kept stack's secret for tokens is, for those who attach
// to it. Whoever can read it can write the keys that gateways trust as well.
const secretKey = "/fournines/secrets/tokens"

// Token lets a client in. Containers that are not of the reference platform
// take no tokens: it is empty then.
func (s *Stack) Token(client string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.setup == nil {
		if s.Kind() == stack.ComposeKind {
			return "", nil
		}
		kv, ok, err := s.etcd().get(context.Background(), secretKey)
		if err != nil {
			return "", fmt.Errorf("ask for the secret of tokens: %w", err)
		}
		if !ok {
			return "", nil
		}
		if s.setup, err = reference.Resume(string(kv.Value)); err != nil {
			return "", err
		}
	}
	return s.setup.Token(client)
}
