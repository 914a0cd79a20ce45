package calibrate

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// blame fails the test unless the machine was late just there: what a busy one
// does to the schedule says nothing about the measurement.
func blame(t *testing.T, lag time.Duration, format string, args ...any) {
	t.Helper()
	if lag > maxLagP99 {
		t.Logf("not held against the measurement, the machine was %s late: "+format, append([]any{lag}, args...)...)
		return
	}
	t.Errorf(format, args...)
}

func TestQuickCalibrationFindsAllAndInventsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: takes about 20 s")
	}
	config := Config{Rates: []float64{500}, Seed: 11, Quick: true, Say: t.Logf}
	result, err := Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	r := result.Rates[0]
	want := 0
	for _, c := range Script(config.Seed, true) {
		want += len(c.parts())
	}
	if len(r.Outages) != want {
		t.Errorf("compared %d outages, want the %d of the script", len(r.Outages), want)
	}
	for _, o := range r.Outages {
		if o.Failed == 0 {
			t.Errorf("%s of %s failed no request", o.Mode, o.Truth.Length())
		}
		if !o.found() {
			blame(t, o.Lag, "%s of %s was missed", o.Mode, o.Truth.Length())
		} else if off := o.down(); o.Mode.whole() && off.Abs() > 50*time.Millisecond {
			blame(t, o.Lag, "%s of %s: downtime is off by %s", o.Mode, o.Truth.Length(), off)
		}
		if n := o.count(); n < -25 || n > 25 {
			blame(t, o.Lag, "%s: %d failed requests too many of %d", o.Mode, n, o.Failed)
		}
	}
	for _, m := range append(r.Script.Invented, r.Clean.Invented...) {
		blame(t, m.Lag, "%s was invented: %s", m.Length(), m.Example)
	}
	for _, s := range r.Recoveries[0].Stamps {
		if !s.within(100 * time.Millisecond) {
			blame(t, r.Recoveries[0].Lag.Max, "%s was at %s, measured as %+v", s.Name, s.Truth, s.Measured)
		}
	}
	if n := r.Clean.Scheduled; n < int(500*r.Clean.Length.Seconds())-1 {
		t.Errorf("%d requests in %s of clean traffic", n, r.Clean.Length)
	}
}

// The way from script to comparison, in two seconds.
func TestOutagesOfAShortScriptAreMeasured(t *testing.T) {
	target := started(t)
	script := []Case{
		{At: 100 * time.Millisecond, Length: 60 * time.Millisecond, Mode: Erring},
		{At: 400 * time.Millisecond, Length: 90 * time.Millisecond, Mode: Refused},
	}
	r := RateResult{Rate: 200, Bounds: boundsAt(200)}
	c := Config{Rates: []float64{200}, Say: t.Logf}
	if err := c.scripted(t.Context(), target, &r, script); err != nil {
		t.Fatal(err)
	}
	if len(r.Outages) != 2 || len(r.Slices) != 2 {
		t.Fatalf("compared %d outages and %d cases by slices, want 2 and 2", len(r.Outages), len(r.Slices))
	}
	for i, o := range r.Outages {
		if !o.found() {
			blame(t, o.Lag, "%s of %s was missed", o.Mode, o.Truth.Length())
		}
		if s := r.Slices[i]; s.Measured < 100*time.Millisecond {
			blame(t, o.Lag, "%s of %s: %s by slices, want one slice at least", o.Mode, o.Truth.Length(), s.Measured)
		}
	}
	if len(r.Script.Invented) > 0 {
		blame(t, r.Script.Lag.Max, "invented %+v", r.Script.Invented)
	}
}

func TestRunRefusesWhatItCannotCalibrate(t *testing.T) {
	for _, test := range []struct {
		rule   string
		config Config
		want   string
	}{
		{"no rate", Config{}, "no rates"},
		{"a rate at which an outage of 20 ms holds one request", Config{Rates: []float64{50}}, "rate 50/s: want 100 to 5000"},
		{"a rate above what two cores tell apart", Config{Rates: []float64{500, 1e6}}, "rate 1e+06/s"},
		{"clean traffic of negative length", Config{Rates: []float64{500}, Clean: -1}, "clean traffic for -1ns"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if _, err := Run(t.Context(), test.config); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Run = %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestRunEndsWhenItsContextDoes(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	config := Config{Rates: []float64{200}, Quick: true}
	time.AfterFunc(time.Second, func() { cancel(enough) }) // in the midst of the script
	result, err := Run(ctx, config)
	if !errors.Is(err, enough) || result.Outcome == harness.Pass {
		t.Errorf("Run = %v, %v; want the cause and no pass", result.Outcome, err)
	}
}
