//go:build !linux

package netem

import (
	"errors"

	"github.com/fournines/fournines/harness/agent"
)

// New refuses: traffic control is of Linux.
func New(map[string]string) (agent.Effect, error) {
	return nil, errors.New("want Linux: packets are shaped by its traffic control")
}
