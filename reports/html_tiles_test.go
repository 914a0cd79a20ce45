package reports

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestWhatWasNotMeasuredIsADash(t *testing.T) {
	s := invalidSample()
	m := &s.verdicts[0].Trials[0]
	*m = harness.Measurement{Trial: 1, OutageDowntime: harness.Downtime{Availability: 1}, SliceDowntime: harness.Downtime{Availability: 1}}
	s.evidence[0].Seconds = nil
	r := newRun(sampleRun, s.verdicts, s.evidence).scenarios[0]
	for _, tile := range r.tiles() {
		if tile.Value != unmeasured {
			t.Errorf("tile %s says %q, want a dash", tile.Name, tile.Value)
		}
	}
	for _, n := range r.trials[0].numbers() {
		if n.Name != "requests" && n.Value != unmeasured {
			t.Errorf("%s is %q, want a dash", n.Name, n.Value)
		}
	}
	if got := r.trials[0].summary(); got != "not measured" {
		t.Errorf("summary %q", got)
	}
	for name, text := range map[string]string{"terminal": shownOnTerminal(t, s), "page": string(render(t, newRun(sampleRun, s.verdicts, s.evidence).html))} {
		if plain := strings.ReplaceAll(text, nbsp, " "); strings.Contains(plain, ">0 ms<") || strings.Contains(plain, ">100 %<") {
			t.Errorf("the %s has a number for what nobody measured", name)
		}
	}
}

func TestBothViewsOfDetectionAreTold(t *testing.T) {
	never := harness.Stamp{State: harness.Censored, Hi: ms(32000)}
	alert := seen(21120, 22120, "prometheus", "InstanceDown")
	ejected := seen(12210, 12310, "gateway-2", "ejected catalog-2")
	for name, tt := range map[string]struct {
		detected, noticed, paged harness.Stamp
		want                     []string
	}{
		"the platform first, then the pager":  {ejected, ejected, alert, []string{"t2 noticed by the platform", " alert firing: people are called", ""}},
		"the pager alone":                     {alert, never, alert, []string{"t2 alert firing: people are called", " the platform itself was not seen to notice within", ""}},
		"the platform alone":                  {ejected, ejected, harness.Stamp{State: harness.NotSeen}, []string{"t2 noticed by the platform", " no alert was seen"}},
		"nobody":                              {never, never, harness.Stamp{State: harness.NotSeen}, []string{"t2 nobody was seen to notice within", " no alert was seen"}},
		"evidence without the machines' view": {ejected, harness.Stamp{}, harness.Stamp{State: harness.NotSeen}, []string{"t2 noticed by the platform", " no alert was seen"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := killMeasurement(1)
			m.Recovery.Detected, m.Recovery.Noticed, m.Recovery.Paged = tt.detected, tt.noticed, tt.paged
			var told []string
			for _, st := range (trial{measured: &m}).story() {
				told = append(told, st.moment+" "+st.what)
			}
			text := fmt.Sprintf("%q", told)
			for _, want := range tt.want {
				if !strings.Contains(text, `"`+want) && want != "" {
					t.Errorf("%q is not in %s", want, text)
				}
			}
		})
	}
}
