package harness

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// formatDuration writes a duration for people: "85 ms", "2.41 s", "3 min 20 s".
func formatDuration(d time.Duration) string {
	if d < 0 {
		return "-" + formatDuration(max(-d, 0))
	}
	switch s := d.Seconds(); {
	case d == 0:
		return "0 ms"
	case d < 50*time.Microsecond:
		return trimmed(s*1e6, 1) + " µs"
	case d < 9950*time.Microsecond:
		return trimmed(s*1e3, 1) + " ms"
	case d < 999500*time.Microsecond:
		return trimmed(s*1e3, 0) + " ms"
	case s < 9.995:
		return trimmed(s, 2) + " s"
	case s < 119.5:
		return trimmed(s, 1) + " s"
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
		return fmt.Sprintf("%s %s", formatCount(int(big)), bigUnit)
	}
	return fmt.Sprintf("%s %s %d %s", formatCount(int(big)), bigUnit, small, smallUnit)
}

// formatPercent writes a fraction as a percentage with two significant digits,
// more near 100 %: "0.013 %", "12 %", "99.99 %".
func formatPercent(fraction float64) string { return percentWith(fraction, 2) }

// percentBeside is formatPercent with as many digits as it takes to tell the
// fraction from another one that is printed beside it.
func percentBeside(fraction, other float64) string {
	digits := 2
	for digits < 8 && percentWith(fraction, digits) == exactPercent(other) {
		digits++
	}
	return percentWith(fraction, digits)
}

func percentWith(fraction float64, digits int) string {
	percent := fraction * 100
	decimals := 0
	if rest := min(percent, 100-percent); rest > 0 && rest < 10 {
		decimals = min(digits-1-int(math.Floor(math.Log10(rest))), 12)
	}
	return trimmed(percent, decimals) + " %"
}

// exactPercent writes a fraction that a person once typed as they typed it.
func exactPercent(fraction float64) string {
	return strconv.FormatFloat(math.Round(fraction*1e12)/1e10, 'f', -1, 64) + " %"
}

// formatCount groups digits by thousands: "10,500".
func formatCount(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}

// plural is "1 request" or "5 requests".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return formatCount(n) + " " + one + "s"
}

// trimmed writes v with at most the given decimals and no trailing zeros.
func trimmed(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// sentence makes a clause a sentence: first letter large, full stop.
func sentence(clause string) string {
	if clause == "" {
		return ""
	}
	clause = strings.ToUpper(clause[:1]) + clause[1:]
	if !strings.HasSuffix(clause, ".") {
		clause += "."
	}
	return clause
}
