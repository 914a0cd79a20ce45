package observe

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestASourceThatGoesAwayLeavesItsSilence(t *testing.T) {
	const every = 200 * time.Millisecond
	for _, o := range []struct {
		name, document string
		make           func(source) harness.Observer
	}{
		{"edge", "# pxname,svname,status,chkdown\nshop,gateway-1,UP,0\n", func(s source) harness.Observer {
			return &edge{source: s, name: "edge", path: "/stats;csv", every: every}
		}},
		{"gateway-1", `{"started":"2026-01-01T00:00:00Z"}`, func(s source) harness.Observer {
			return gateway("gateway-1", s, every)
		}},
		{"prometheus", `{"status":"success","data":{"alerts":[]}}`, func(s source) harness.Observer {
			return &alerts{source: s, every: every}
		}},
	} {
		for _, c := range []struct {
			rule     string
			from, to time.Duration
			want     time.Duration // of silence, within one poll; 0 is none
		}{
			{"one that answers all the time leaves none", time.Hour, time.Hour, 0},
			{"a short one is none", 20 * time.Second, 21 * time.Second, 0},
			{"one that comes back", 20 * time.Second, 33 * time.Second, 13 * time.Second},
			{"one that stays away until the end", 20 * time.Second, time.Hour, 40 * time.Second},
		} {
			t.Run(o.name+": "+c.rule, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					start := time.Now()
					silences := signals(t, o.make(answering(func(*http.Request) (int, string, error) {
						if d := time.Since(start); d >= c.from && d < c.to {
							return 0, "", errors.New("connection refused")
						}
						return http.StatusOK, o.document, nil
					})), time.Minute)
					if c.want == 0 {
						if len(silences) > 0 {
							t.Errorf("saw %+v", silences)
						}
						return
					}
					if len(silences) != 1 {
						t.Fatalf("saw %+v, want one silence", silences)
					}
					s := silences[0]
					if s.Kind != harness.Silent || s.Source != o.name || s.Resolution < c.want || s.Resolution > c.want+2*every {
						t.Errorf("saw %s of %s for %v, want silent of %s for %v", s.Kind, s.Source, s.Resolution, o.name, c.want)
					}
				})
			})
		}
	}
}
