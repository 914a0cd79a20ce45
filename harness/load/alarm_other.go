//go:build !linux

package load

import (
	"context"
	"errors"
)

func newExactAlarm(context.Context) (alarm, error) {
	return nil, errors.New("only the runtime's timers on this system")
}
