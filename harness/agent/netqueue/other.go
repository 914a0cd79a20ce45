//go:build !linux

package netqueue

import (
	"errors"

	"github.com/fournines/fournines/harness/agent"
)

// New refuses: packet queues are of Linux.
func New(map[string]string) (agent.Effect, error) {
	return nil, errors.New("want Linux: packets are shaped in its kernel's queues")
}
