package reports

import (
	"strings"
	"testing"
	"time"
)

// spaced makes the tables readable: a no-break space is a space there.
func spaced(s string) string { return strings.ReplaceAll(s, nbsp, " ") }

func TestLength(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                         "0 s",
		850 * time.Microsecond:    "850 µs",
		4200 * time.Microsecond:   "4.2 ms",
		42 * time.Millisecond:     "42 ms",
		210 * time.Millisecond:    "0.21 s",
		9994 * time.Millisecond:   "9.99 s",
		47 * time.Second:          "47.0 s",
		99960 * time.Millisecond:  "1 min 40 s",
		125 * time.Second:         "2 min 05 s",
		2*time.Hour + time.Minute: "2 h 01 min",
		-210 * time.Millisecond:   "−0.21 s",
	} {
		if got := spaced(length(d)); got != want {
			t.Errorf("length(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for f, want := range map[float64]string{0: "0 %", 1: "100 %", 0.00028: "0.028 %", 0.186: "19 %", 0.0001: "0.010 %"} {
		if got := spaced(percent(f)); got != want {
			t.Errorf("percent(%v) = %q, want %q", f, got, want)
		}
	}
}

func TestAvailability(t *testing.T) {
	for f, want := range map[float64]string{
		1: "100 %", 0.99997: "99.9970 %", 0.9999: "99.990 %", 0.44: "44.00 %", 0: "0.00 %",
		0.9999999999: "99.9999999 %",
	} {
		if got := spaced(availability(f)); got != want {
			t.Errorf("availability(%v) = %q, want %q: it is never rounded up", f, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 000", 29956: "29 956", 1234567: "1 234 567", -1234: "−1 234"} {
		if got := spaced(count(n)); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestOffset(t *testing.T) {
	for d, want := range map[time.Duration]string{ms(12094): "12.09 s", 150 * time.Second: "2:30.0", 605500 * time.Millisecond: "10:05.5"} {
		if got := spaced(offset(d)); got != want {
			t.Errorf("offset(%v) = %q, want %q", d, got, want)
		}
	}
}
