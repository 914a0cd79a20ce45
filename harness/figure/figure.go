// Package figure writes numbers for people: the one style of every sentence,
// table and picture of a verdict. Digits are grouped by commas, a unit stands
// behind a plain space, and zeros at the end are dropped: how exact a number
// is, its resolution says beside it.
package figure

import (
	"fmt"
	"math"
	"time"
)

// Duration writes a duration for people: "85 ms", "2.41 s", "3 min 20 s".
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(max(-d, 0))
	}
	switch s := d.Seconds(); {
	case d == 0:
		return "0 ms"
	case d < 50*time.Microsecond:
		return Number(s*1e6, 1) + " µs"
	case d < 950*time.Microsecond:
		return Number(s*1e3, 2) + " ms"
	case d < 9950*time.Microsecond:
		return Number(s*1e3, 1) + " ms"
	case d < 999500*time.Microsecond:
		return Number(s*1e3, 0) + " ms"
	case s < 9.995:
		return Number(s, 2) + " s"
	case s < 119.5:
		return Number(s, 1) + " s"
	case s < 2*3600:
		total := int64(math.Round(s))
		return joined(total/60, "min", total%60, "s")
	case s < 48*3600:
		total := int64(math.Round(s / 60))
		return joined(total/60, "h", total%60, "min")
	default:
		total := int64(math.Round(s / 3600))
		return joined(total/24, "days", total%24, "h")
	}
}

func joined(big int64, bigUnit string, small int64, smallUnit string) string {
	if small == 0 {
		return fmt.Sprintf("%s %s", Count(int(big)), bigUnit)
	}
	return fmt.Sprintf("%s %s %d %s", Count(int(big)), bigUnit, small, smallUnit)
}

// At writes a place on a time line to the hundredth of a second, so that places
// stand below each other in a column: "12.09 s", "2 min 30.50 s".
func At(d time.Duration) string {
	if d < 0 {
		return "-" + At(max(-d, 0))
	}
	d = d.Round(10 * time.Millisecond)
	if d < 100*time.Second {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%s min %05.2f s", Count(int(d/time.Minute)), (d % time.Minute).Seconds())
}
