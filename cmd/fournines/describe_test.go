package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestFaultText(t *testing.T) {
	for _, tt := range []struct {
		want  string
		fault harness.FaultSpec
	}{
		{"container-kill on one of catalog, from 0s for 20s of the disruption",
			harness.FaultSpec{Action: "container-kill", Target: harness.TargetSpec{Component: "catalog", Mode: "one"}}},
		{"container-kill (signal=TERM) on 2 of catalog, from 5s for 15s of the disruption",
			harness.FaultSpec{Action: "container-kill", At: 5 * time.Second, Params: map[string]string{"signal": "TERM"}, Target: harness.TargetSpec{Component: "catalog", Mode: "fixed", Value: 2}}},
		{"container-pause on up to 50% of node a, from 0s for 3s of the disruption",
			harness.FaultSpec{Action: "container-pause", Duration: 3 * time.Second, Target: harness.TargetSpec{Node: "a", Mode: "random-max-percent", Value: 50}}},
		{"noop, from 0s for 20s of the disruption", harness.FaultSpec{Action: "noop"}},
	} {
		t.Run(tt.want, func(t *testing.T) {
			if got := faultText(tt.fault, 20*time.Second); got != tt.want {
				t.Errorf("faultText = %q", got)
			}
		})
	}
}

func TestPercentKeepsEveryNine(t *testing.T) {
	for fraction, want := range map[float64]string{0.9999: "99.99%", 0.99999: "99.999%", 0.0001: "0.01%", 0.5: "50%", 1: "100%", 0: "0%"} {
		if got := percent(fraction); got != want {
			t.Errorf("percent(%v) = %q, want %q", fraction, got, want)
		}
	}
}

func TestLimitTextsLeaveOutWhatIsNotChecked(t *testing.T) {
	failed, downtime, none, never := 0.0001, 100*time.Millisecond, 0, time.Duration(0)
	s := harness.Scenario{
		SLO:    harness.SLO{Availability: 0.9999, LatencyQuantiles: map[string]time.Duration{"p99": 250 * time.Millisecond}},
		Limits: harness.Limits{FailedFraction: &failed, Downtime: &downtime, LostWrites: &none, PhantomWrites: &none, RPO: &never},
	}
	want := []string{
		"availability at least 99.99%", "latency p99 at most 250ms", "failed requests at most 0.01%",
		"downtime at most 100ms", "lost writes at most 0", "phantom writes at most 0",
		"time of acknowledged writes that is lost at most 0s",
	}
	if diff := cmp.Diff(want, limitTexts(s)); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 0: "0ms", 850 * time.Millisecond: "850ms", 3240 * time.Millisecond: "3.2s", 72400 * time.Millisecond: "1m12s",
	} {
		if got := short(d); got != want {
			t.Errorf("short(%s) = %q, want %q", d, got, want)
		}
	}
	if got := clock(-3 * time.Second); got != "0s" {
		t.Errorf("clock of what is overdue = %q, want 0s", got)
	}
}

func TestWrapText(t *testing.T) {
	want := []string{"one two", "three", "four-and-more", "five"}
	if diff := cmp.Diff(want, wrapText("one two three\n four-and-more five", 8)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
