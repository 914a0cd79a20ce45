package harness

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// heldSpy is a spyFault that knows whether it is still in effect.
type heldSpy struct {
	spyFault
	ended error
	asked int
}

func (f *heldSpy) Inject(ctx context.Context) (Injection, error) {
	_, err := f.spyFault.Inject(ctx)
	return f, err
}

func (f *heldSpy) Lasting(context.Context) error {
	f.asked++
	return f.ended
}

func TestAFaultThatEndedBeforeItsTimeIsNoTest(t *testing.T) {
	for _, ended := range []error{nil, errors.New("its agent is gone")} {
		synctest.Test(t, func(t *testing.T) {
			var log []string
			f := &heldSpy{spyFault: spyFault{name: "one", log: &log, recoverErrs: 1}, ended: ended}
			ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{f}})
			if err != nil {
				t.Fatal(err)
			}
			if f.asked != 1 || len(log) != 2 {
				t.Errorf("asked %d times, log %v; want one question, and that the fault is recovered", f.asked, log)
			}
			said := slices.ContainsFunc(ev.Problems, func(p Problem) bool {
				return p.Code == FaultNotEffective && strings.Contains(p.Detail, "ended before its time: its agent is gone")
			})
			if said != (ended != nil) {
				t.Errorf("problems %+v", ev.Problems)
			}
		})
	}
}
