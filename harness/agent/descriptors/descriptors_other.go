//go:build !linux

package descriptors

import (
	"errors"

	"github.com/fournines/fournines/harness/agent"
)

// New is for Linux alone.
func New(map[string]string) (agent.Effect, error) {
	return nil, errors.New("limit a process's descriptors: unsupported, want linux")
}
