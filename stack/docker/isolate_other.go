//go:build !linux

package docker

import "os/exec"

// isolate does nothing: only Linux makes base images.
func isolate(*exec.Cmd, bool) {}
