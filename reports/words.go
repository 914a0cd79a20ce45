package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/figure"
)

// Numbers are written by package figure alone; here a no-break space joins
// each to its unit.

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

// unmeasured stands for a number that nobody measured: never 0.
const unmeasured = "–"

func whole(s string) string { return strings.ReplaceAll(s, " ", nbsp) }

func length(d time.Duration) string { return whole(figure.Duration(d)) }

func percent(f float64) string { return whole(figure.Percent(f)) }

func availability(f float64) string { return whole(figure.Availability(f)) }

func count(n int) string { return figure.Count(n) }

func plural(n int, noun string) string { return whole(figure.Plural(n, noun)) }

// offset is a place on the time line of a trial.
func offset(d time.Duration) string { return whole(figure.At(d)) }

// plusMinus writes a resolution: "±100 ms"; empty for 0.
func plusMinus(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "±" + length(d)
}

// axis writes a tick of the time axis as short as can be.
func axis(d time.Duration) string {
	if d >= 2*time.Minute {
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + nbsp + "s"
}
