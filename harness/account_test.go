package harness

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// countingFault tells what it came to.
type countingFault struct {
	*spyFault
	shortfall string
}

func (f countingFault) Account() (did, shortfall string) { return "held 7 packets", f.shortfall }

func (f countingFault) Inject(ctx context.Context) (Injection, error) {
	_, err := f.spyFault.Inject(ctx)
	return f, err
}

func TestAFaultThatFellShortMakesTheTrialInvalid(t *testing.T) {
	for shortfall, want := range map[string][]Code{"": nil, "3 packets passed": {FaultNotEffective}} {
		synctest.Test(t, func(t *testing.T) {
			var log []string
			f := countingFault{&spyFault{name: "one", log: &log}, shortfall}
			ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{f}})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(codes(ev), want) || ev.Injections[0].Did != "held 7 packets" || !ev.Injections[0].Removed {
				t.Errorf("shortfall %q: problems %v, injections %+v", shortfall, ev.Problems, ev.Injections)
			}
			if shortfall != "" && !strings.Contains(ev.Problems[0].Detail, "one was not fully effective: 3 packets passed") {
				t.Errorf("problem %q", ev.Problems[0].Detail)
			}
		})
	}
}
