package docker

import (
	"strings"

	"github.com/containerd/errdefs"
)

func isNotFound(err error) bool { return errdefs.IsNotFound(err) }

func isConflict(err error) bool { return errdefs.IsConflict(err) }

// portTaken reports whether the engine could not publish a port because
// somebody else listens on it. The engine says so in words only.
func portTaken(err error) bool {
	text := err.Error()
	return strings.Contains(text, "port is already allocated") || strings.Contains(text, "address already in use")
}
