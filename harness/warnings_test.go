package harness

import (
	"strings"
	"testing"
	"time"
)

func TestWarnings(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		recovery time.Duration
		rate     float64
		faults   bool
		want     string // empty: no warning
	}{
		{"a recovery stage as long as the hold is enough", 10 * time.Second, 300, true, ""},
		{"a shorter one cannot prove a recovery", 9999 * time.Millisecond, 300, true, "at least 10 s"},
		{"at a low rate slices are longer, and with them the hold", 15 * time.Second, 1, true, "at least 60 s"},
		{"without a fault there is nothing to recover from", 0, 300, false, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := kill()
			s.Stages.Recovery, s.Load.Rate = tt.recovery, tt.rate
			if !tt.faults {
				s.Faults = nil
			}
			got := s.Warnings()
			if tt.want == "" {
				if len(got) > 0 {
					t.Errorf("warnings %v, want none", got)
				}
				return
			}
			if len(got) != 1 || got[0].Field != "stages.recovery" || !strings.Contains(got[0].Error(), tt.want) {
				t.Errorf("warnings %v, want one of stages.recovery with %q", got, tt.want)
			}
		})
	}
}
