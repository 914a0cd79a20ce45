package harness

import (
	"math"
	"testing"
	"time"
)

func TestDurationsAreWrittenForPeople(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0 ms",
		800 * time.Nanosecond:     "0.8 µs",
		3333333 * time.Nanosecond: "3.3 ms",
		9960 * time.Microsecond:   "10 ms",
		85 * time.Millisecond:     "85 ms",
		999 * time.Millisecond:    "999 ms",
		999600 * time.Microsecond: "1 s",
		1200 * time.Millisecond:   "1.2 s",
		2410 * time.Millisecond:   "2.41 s",
		9996 * time.Millisecond:   "10 s",
		94853 * time.Millisecond:  "94.9 s",
		200 * time.Second:         "3 min 20 s",
		2 * time.Minute:           "2 min",
		3 * time.Hour:             "3 h",
		500 * time.Hour:           "20 days 20 h",
		-85 * time.Millisecond:    "-85 ms",
	} {
		if got := formatDuration(d); got != want {
			t.Errorf("%d ns: got %q, want %q", d, got, want)
		}
	}
	if got := formatDuration(math.MinInt64); got != "-0 ms" {
		t.Errorf("the smallest duration: got %q", got)
	}
}

func TestFractionsAreWrittenAsPercentages(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0 %", .00013: "0.013 %", .0035: "0.35 %", .057: "5.7 %", .12: "12 %", .5: "50 %",
		.9999: "99.99 %", .99995: "99.995 %", 1: "100 %", 9.98528e-5: "0.01 %", 1e-9: "0.0000001 %",
	} {
		if got := formatPercent(f); got != want {
			t.Errorf("%g: got %q, want %q", f, got, want)
		}
	}
	for f, want := range map[float64]string{.0001: "0.01 %", 1 - .0001: "99.99 %", .5: "50 %"} {
		if got := exactPercent(f); got != want {
			t.Errorf("exactly %g: got %q, want %q", f, got, want)
		}
	}
}

func TestPercentagesBesideALimitDiffer(t *testing.T) {
	if got := percentBeside(9.98528e-5, 1e-4); got != "0.00999 %" {
		t.Errorf("got %q, want 0.00999 %%", got)
	}
	if got := percentBeside(1.0004e-4, 1e-4); got != "0.010004 %" {
		t.Errorf("got %q, want 0.010004 %%", got)
	}
	if got := percentBeside(1e-4, 1e-4); got != "0.01 %" {
		t.Errorf("equal ones: got %q, want 0.01 %%", got)
	}
}

func TestCountsAreGroupedByThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 10500: "10,500", 1234567: "1,234,567", -4200: "-4,200"} {
		if got := formatCount(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := plural(1, "request") + ", " + plural(2, "request"); got != "1 request, 2 requests" {
		t.Errorf("got %q", got)
	}
}
