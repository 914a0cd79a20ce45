package reports

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestReportsSayWhatAllTrialsSayTogether(t *testing.T) {
	s := trialsSample()
	m := s.verdicts[0].Trials
	m[1].Recovery.Recovered.State, m[1].Recovery.Recovered.Length = harness.Censored, 20*time.Second
	m[2].Recovery.Misnamed = seen(12100, 12200, "gateway-1", "ejected catalog-1")
	m[3].Recovery.Diagnosed = harness.Stamp{State: harness.NotSeen}
	for name, view := range views(t, s) {
		for _, want := range []string{
			"4 of 5 trials (28 % to 99.49 %, at 95 % confidence); half of them within 2.74 s (six trials would bound it)",
			"amed right", "3 of 4 trials (19 % to 99.37 %, at 95 % confidence), where somebody watched who could",
		} {
			if !strings.Contains(view, want) {
				t.Errorf("the %s does not say %q:\n%s", name, want, view)
			}
		}
	}
	for name, view := range views(t, failSample()) {
		if strings.Contains(view, "amed right") {
			t.Errorf("the %s tells of one trial as of several", name)
		}
	}
}

func TestHalfOfTheTrials(t *testing.T) {
	d := func(n int) *time.Duration { l := ms(n); return &l }
	few, many := harness.Share{Did: 1, Of: 5}, harness.Share{Did: 8, Of: 8}
	for want, all := range map[string]harness.Together{
		"fewer than half by themselves, so there is no median":           {Recovered: few},
		"half of them within 2 s (six trials would bound it)":            {Recovered: few, Half: d(2000)},
		"half of them within 2 s (at least 1 s, without an upper bound)": {Recovered: many, Half: d(2000), Least: d(1000)},
		"half of them within 2 s (1 s to 3 s)":                           {Recovered: many, Half: d(2000), Least: d(1000), Most: d(3000)},
	} {
		if got := strings.ReplaceAll(halfWords(all), nbsp, " "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestReportsSayWhenAnAlertWouldFire(t *testing.T) {
	for name, view := range views(t, observedSample()) {
		if want := "if 4 % of requests went on failing, an alert on the burn rate of 99.99 % would call people after 2 min 9 s (14.4 × what is allowed, over 1 h and 5 min)"; !strings.Contains(view, want) {
			t.Errorf("the %s does not say %q:\n%s", name, want, view)
		}
	}
	shown := func(bad float64, target float64) string {
		s := observedSample()
		s.verdicts[0].Trials[0].FailedFraction = bad
		s.evidence[0].Plan.Scenario.SLO.Availability = target
		return strings.ReplaceAll(newRun("", s.verdicts, s.evidence).scenarios[0].trials[0].burn(), nbsp, " ")
	}
	for _, c := range []struct {
		bad, target float64
		want        string
	}{
		{.0002, .9999, "if 0.02 % of requests went on failing, an alert on the burn rate of 99.99 % would open a ticket after 36 h (1 × what is allowed, over 3 days and 6 h)"},
		{.0001, .9999, "if 0.01 % of requests went on failing, no alert on the burn rate of 99.99 % would ever fire"},
		{.5, 0, ""},
	} {
		if got := shown(c.bad, c.target); got != c.want {
			t.Errorf("%g of %g: got %q, want %q", c.bad, c.target, got, c.want)
		}
	}
	for name, view := range views(t, passSample()) {
		if strings.Contains(view, "burn rate") {
			t.Errorf("the %s of a pass talks of alerts", name)
		}
	}
}
