package fault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/wallclock"
)

// Clocked is a target whose wall clock can be read from outside.
type Clocked interface {
	Host
	// Clock is the target's wall clock, to the second.
	Clock(ctx context.Context) (time.Time, error)
}

const (
	// leastOffset is what can be told from a clock that is read to the second.
	leastOffset = 5 * time.Second
	mostOffset  = 30 * 24 * time.Hour
	// clockSlack is how far a clock that is read to the second may be off.
	clockSlack = 2 * time.Second
)

func clockOffset() Kind {
	return Kind{
		Action:  "clock-offset",
		Summary: "move a replica's wall clock forward or back",
		Explain: "The wall clock of each target's main process is off by offset; its monotonic clock, timers and timeouts are not touched. Programs that ask the kernel by its vDSO are hit, as Go's and most of C's are; one that makes the system call itself does not move, and then the fault has not taken effect. Linux on amd64 only.",
		Method:  "an agent in the target's process namespace replaces the vDSO's functions, while the process is held for less than a millisecond",
		Class:   Clock,
		Proof:   "the Date of an HTTP answer of the target itself is off by the offset",
		Undone:  "the agent puts back the bytes that were there; the Date of an answer is right again",
		Example: "{action: clock-offset, target: {component: catalog, mode: one}, at: 0s, offset: 2h}",
		Params: []Param{free("offset", "1h", "-90s", "a duration of at least 5s, forward or back (-), and at most 720h", "how far the clock is moved", func(value string) error {
			d, err := time.ParseDuration(value)
			if err == nil && (d.Abs() < leastOffset || d.Abs() > mostOffset) {
				err = errors.New("out of range")
			}
			return err
		})},
		bind: func(b Binding) (harness.Fault, error) {
			if _, err := able[Clocked]("clock-offset", b.Targets); err != nil {
				return nil, err
			}
			by := b.Values.Duration("offset")
			return hold{
				action: "clock-offset", capabilities: []string{"SYS_PTRACE"}, shares: []string{"pid"},
				byHand: agentByHand("--pid container:", "--cap-add SYS_PTRACE"),
				spec: func(ctx context.Context, t Host) (agent.Spec, error) {
					if ok, saw := clockIsOff(ctx, t, 0); !ok {
						return agent.Spec{}, fmt.Errorf("want a clock that is right before the fault: %s", saw)
					}
					return agent.Spec{Effect: wallclock.Effect, Args: map[string]string{"offset": fmt.Sprint(by.Nanoseconds())}}, nil
				},
				effective: func(ctx context.Context, t Host, _ agent.Seen) (bool, string) { return clockIsOff(ctx, t, by) },
				removed: func(ctx context.Context, t Host) (bool, string) {
					if ok, saw := asBefore(ctx, t); !ok {
						status, err := t.Status(ctx)
						return err == nil && status == exited, saw // its clock went with it
					}
					return clockIsOff(ctx, t, 0)
				},
			}.bind(b)
		},
	}
}

// clockIsOff reports whether a target's clock is off by that much.
func clockIsOff(ctx context.Context, t Host, by time.Duration) (bool, string) {
	now, err := t.(Clocked).Clock(ctx)
	if err != nil {
		return false, err.Error()
	}
	off := time.Until(now)
	return (off - by).Abs() <= clockSlack, fmt.Sprintf("a clock that is off by %s, want %s", off.Round(time.Second), by)
}
