//go:build !linux

package docker

import (
	"context"
	"errors"
)

// xfsVolume needs Linux: elsewhere the engine is not on this machine.
func (l *launcher) xfsVolume(context.Context, string, string) (string, error) {
	return "", errors.ErrUnsupported
}

func dropDevices(string) error { return nil }
