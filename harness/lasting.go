package harness

import (
	"context"
	"time"
)

// Lasting is an Injection that can tell whether it is still in effect. The
// engine asks right before it recovers the fault: a trial whose fault ended
// before its time, because what held it was killed or lost its lease, has not
// tested what it says, and is invalid.
//
// A fault that the stack itself may repair, as a restart does a killed process,
// is not one.
type Lasting interface {
	// Lasting returns nil while the fault is in effect; otherwise the error
	// says what was seen.
	Lasting(ctx context.Context) error
}

// lastingPatience bounds the question.
const lastingPatience = 3 * time.Second

// checkLasting records a fault that ended by itself.
func (t *trial) checkLasting(ctx context.Context, a *active) {
	l, ok := a.injection.(Lasting)
	if !ok || !a.Effective {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lastingPatience)
	defer cancel()
	if err := l.Lasting(ctx); err != nil {
		t.rec.problem(FaultNotEffective, "%s ended before its time: %v", a.Fault, err)
	}
}
