package reports

import (
	"strings"
	"testing"
	"time"
)

// TestNumbersStayWithTheirUnits holds every number of a report to one style
// (package figure) and one line.
func TestNumbersStayWithTheirUnits(t *testing.T) {
	for got, want := range map[string]string{
		length(0):                         "0_ms",
		length(ms(210)):                   "210_ms",
		length(ms(1000)):                  "1_s",
		length(2*time.Minute + ms(5000)):  "2_min_5_s",
		plusMinus(ms(100)):                "±100_ms",
		plusMinus(0):                      "",
		percent(0.00028):                  "0.028_%",
		availability(0.99997):             "99.997_%",
		count(29956):                      "29,956",
		plural(2000, "request"):           "2,000_requests",
		offset(150 * time.Second):         "2_min_30.00_s",
		since(-2 * time.Second):           "-2.00_s",
		since(ms(330)):                    "+0.33_s",
		roundLength(0.01):                 "10_ms",
		sentence("3 min 20 s of 1,000/s"): "3_min 20_s of 1,000/s",
	} {
		if shown := strings.ReplaceAll(got, nbsp, "_"); shown != want {
			t.Errorf("got %q, want %q", shown, want)
		}
	}
}
