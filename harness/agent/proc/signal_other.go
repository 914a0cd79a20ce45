//go:build !unix

package proc

import (
	"errors"
	"fmt"
)

// send needs signals.
func send(_ int, signal string) error {
	return fmt.Errorf("send %s: %w", signal, errors.ErrUnsupported)
}
