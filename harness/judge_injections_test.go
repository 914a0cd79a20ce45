package harness

import (
	"strings"
	"testing"
)

func TestInjectionsSayHowManyMoreAreNeeded(t *testing.T) {
	for _, c := range []struct {
		clean, missed int
		want          Outcome
		measured      string
		bound, needs  string
	}{
		{1, 0, Inconclusive, "1 of 1 clean", "95 %", "5 for pr (at most 50 % exceed), 16 for nightly (at most 20 % exceed), 33 for release (at most 10 % exceed)"},
		{5, 0, Pass, "5 of 5 clean", "45 %", "16 for nightly (at most 20 % exceed), 33 for release (at most 10 % exceed)"},
		{33, 0, Pass, "33 of 33 clean", "8.7 %", ""},
		{9, 1, Fail, "9 of 10 clean", "39 %", "16 for nightly (at most 20 % exceed), 33 for release (at most 10 % exceed)"},
	} {
		t.Run(c.measured, func(t *testing.T) {
			s := killing(allLimits())
			var trials []Evidence
			for i := range c.clean + c.missed {
				ev := trialOf(s)
				if i < c.missed {
					ev = trialOf(s, failing(10, 12, 1))
				}
				ev.Plan.Trial = i + 1
				trials = append(trials, ev)
			}
			f := find(Judge(s, trials, nil), "injections")
			if f.Outcome != c.want || !f.Advisory || f.Measured != c.measured {
				t.Errorf("got %v, advisory %v, %s; want %v, true, %s", f.Outcome, f.Advisory, f.Measured, c.want, c.measured)
			}
			if !strings.Contains(f.Reason, "at most "+c.bound+" of such injections") {
				t.Errorf("reason: got %q, want a bound of %s", f.Reason, c.bound)
			}
			if got := strings.TrimPrefix(f.Needs, "clean injections in a row: "); got != c.needs {
				t.Errorf("needs: got %q, want %q", got, c.needs)
			}
		})
	}
}
