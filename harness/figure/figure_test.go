package figure

import (
	"math"
	"testing"
	"time"
)

func TestDurationsAreWrittenForPeople(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0 ms",
		800 * time.Nanosecond:     "0.8 µs",
		370 * time.Microsecond:    "0.37 ms",
		960 * time.Microsecond:    "1 ms",
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
		if got := Duration(d); got != want {
			t.Errorf("%d ns: got %q, want %q", d, got, want)
		}
	}
	if got := Duration(math.MinInt64); got != "-0 ms" {
		t.Errorf("the smallest duration: got %q", got)
	}
}

func TestFractionsAreWrittenAsPercentages(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0 %", .00013: "0.013 %", .0035: "0.35 %", .057: "5.7 %", .12: "12 %", .5: "50 %",
		.9999: "99.99 %", .99995: "99.995 %", 1: "100 %", 9.98528e-5: "0.01 %", 1e-9: "0.0000001 %",
	} {
		if got := Percent(f); got != want {
			t.Errorf("%g: got %q, want %q", f, got, want)
		}
	}
	for f, want := range map[float64]string{.0001: "0.01 %", 1 - .0001: "99.99 %", .5: "50 %"} {
		if got := Exact(f); got != want {
			t.Errorf("exactly %g: got %q, want %q", f, got, want)
		}
	}
}

func TestPercentagesBesideALimitDiffer(t *testing.T) {
	if got := PercentBeside(9.98528e-5, 1e-4); got != "0.00999 %" {
		t.Errorf("got %q, want 0.00999 %%", got)
	}
	if got := PercentBeside(1.0004e-4, 1e-4); got != "0.010004 %" {
		t.Errorf("got %q, want 0.010004 %%", got)
	}
	if got := PercentBeside(1e-4, 1e-4); got != "0.01 %" {
		t.Errorf("equal ones: got %q, want 0.01 %%", got)
	}
}

func TestCountsAreGroupedByThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 10500: "10,500", 1234567: "1,234,567", -4200: "-4,200"} {
		if got := Count(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := Plural(1, "request") + ", " + Plural(2, "request"); got != "1 request, 2 requests" {
		t.Errorf("got %q", got)
	}
}

func TestAvailabilityIsNeverRoundedUp(t *testing.T) {
	for f, want := range map[float64]string{
		1: "100 %", .99997: "99.997 %", .9999: "99.99 %", .99989999: "99.989 %", .44: "44 %", 0: "0 %", -1: "0 %",
		.9999999999: "99.99999999 %", math.NaN(): "0 %",
	} {
		if got := Availability(f); got != want {
			t.Errorf("%v: got %q, want %q", f, got, want)
		}
	}
}

func TestPlacesStandBelowEachOther(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0.00 s", 12094 * time.Millisecond: "12.09 s", 99999 * time.Millisecond: "1 min 40.00 s",
		150 * time.Second: "2 min 30.00 s", 605500 * time.Millisecond: "10 min 05.50 s", -2 * time.Second: "-2.00 s",
	} {
		if got := At(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
