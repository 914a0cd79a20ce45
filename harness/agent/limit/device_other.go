//go:build !linux

package limit

import "errors"

// deviceOf is for Linux alone.
func deviceOf(string) (string, error) { return "", errors.ErrUnsupported }
