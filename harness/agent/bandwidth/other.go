//go:build !linux

package bandwidth

import (
	"errors"

	"github.com/fournines/fournines/harness/agent"
)

// New refuses: rates are held by traffic control.
func New(map[string]string) (agent.Effect, error) {
	return nil, errors.New("rates are held by traffic control, which takes Linux")
}

// NewLook refuses as New does.
func NewLook(map[string]string) (agent.Effect, error) {
	return nil, errors.New("traffic control is looked at on Linux only")
}
