//go:build !linux

package netcut

import "errors"

func (c Config) kill() error { return errors.New("connections can be ended on Linux only") }
