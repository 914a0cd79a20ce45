package docker

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/containerd/errdefs"
)

// noAnswer is the error for an engine that is not there or does not answer.
type noAnswer struct {
	address, why string
	cause        error
}

// Error says where an engine was looked for and what the connection came to;
// what the client library says around that is left out.
func (e *noAnswer) Error() string {
	cause := e.cause
	if dial, ok := errors.AsType[*net.OpError](cause); ok {
		cause = dial
	}
	return fmt.Sprintf("no container engine answers at %q (%s): %v", e.address, e.why, cause)
}

func (e *noAnswer) Unwrap() error { return e.cause }

func isNotFound(err error) bool { return errdefs.IsNotFound(err) }

func isConflict(err error) bool { return errdefs.IsConflict(err) }

// portTaken reports whether the engine could not publish a port because
// somebody else listens on it. The engine says so in words only.
func portTaken(err error) bool {
	text := err.Error()
	return strings.Contains(text, "port is already allocated") || strings.Contains(text, "address already in use")
}
