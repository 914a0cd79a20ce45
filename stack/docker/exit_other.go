//go:build !linux

package docker

import "context"

// watchExit does nothing: containers' processes cannot be seen from here.
func (r *replica) watchExit(context.Context) {}
