package reports

import (
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestTimesCountFromWhenTheFaultWasInEffect(t *testing.T) {
	evidence := &harness.Evidence{Injections: []harness.InjectionRecord{{InjectAt: 12 * time.Second}}}
	seen := &harness.Measurement{Recovery: harness.RecoveryTime{Applies: true, Effective: harness.Stamp{State: harness.Seen, Lo: 12 * time.Second, Hi: 12*time.Second + ms(90)}}}
	for rule, c := range map[string]struct {
		trial trial
		want  time.Duration
		ok    bool
	}{
		"in effect":               {trial{evidence: evidence, measured: seen}, 12*time.Second + ms(90), true},
		"injected, not in effect": {trial{evidence: evidence, measured: &harness.Measurement{}}, 12 * time.Second, true},
		"no fault":                {trial{evidence: &harness.Evidence{}, measured: &harness.Measurement{}}, 0, false},
	} {
		if got, ok := c.trial.faultTime(); got != c.want || ok != c.ok {
			t.Errorf("%s: got %v %v, want %v %v", rule, got, ok, c.want, c.ok)
		}
	}
}

func TestOneDetectionHasOneFigure(t *testing.T) {
	// The gateway was quicker than the engine: its signal is t0 and t2.
	same := harness.Stamp{State: harness.Seen, Lo: ms(10_000), Hi: ms(10_052), Source: "gateway-1", Detail: "ejected catalog-2"}
	r := harness.RecoveryTime{Applies: true, Effective: same, Detected: same, Noticed: same, Restored: same}
	shown := trial{measured: &harness.Measurement{Scheduled: 100, Bad: 1, Recovery: r}}
	var leads []string
	for _, s := range shown.story() {
		leads = append(leads, s.lead()+" "+s.what)
	}
	if want := "<" + nbsp + "52" + nbsp + "ms noticed by the platform"; !slices.Contains(leads, want) {
		t.Errorf("story %q, want %q", leads, want)
	}
	if tile := phaseTile("noticed after", r.Detection(), outcomeView{}); tile.Value != "<"+nbsp+"52"+nbsp+"ms" {
		t.Errorf("tile %q, want < 52 ms", tile.Value)
	}
	if want := " users were served within the objective all the time"; !slices.Contains(leads, want) {
		t.Errorf("story %q, want what took no time without one", leads)
	}
}
