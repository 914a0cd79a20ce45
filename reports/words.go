package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// nbsp keeps a number and its unit, and the groups of a number, on one line.
const nbsp = "\u00a0"

// length writes a duration with three significant digits and its unit:
// "0.21 s", "47.0 s", "2 min 05 s", "850 µs", "4.2 ms".
func length(d time.Duration) string {
	if d < 0 {
		return "−" + length(-d)
	}
	switch {
	case d == 0:
		return "0" + nbsp + "s"
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + nbsp + "µs"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f%sms", milliseconds(d), nbsp)
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.0f%sms", milliseconds(d), nbsp)
	case d < 9995*time.Millisecond:
		return fmt.Sprintf("%.2f%ss", d.Seconds(), nbsp)
	case d < 99950*time.Millisecond:
		return fmt.Sprintf("%.1f%ss", d.Seconds(), nbsp)
	}
	d = d.Round(time.Second)
	if d < time.Hour {
		return fmt.Sprintf("%d%smin%s%02d%ss", int(d.Minutes()), nbsp, nbsp, int(d.Seconds())%60, nbsp)
	}
	return fmt.Sprintf("%d%sh%s%02d%smin", int(d.Hours()), nbsp, nbsp, int(d.Minutes())%60, nbsp)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// plusMinus writes a resolution: "±0.10 s"; empty for 0.
func plusMinus(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "±" + length(d)
}

// offset writes a place on the time line of a trial: "12.34 s", "1:02.5".
func offset(d time.Duration) string {
	if d < 100*time.Second {
		return fmt.Sprintf("%.2f%ss", d.Seconds(), nbsp)
	}
	return fmt.Sprintf("%d:%04.1f", int(d.Minutes()), math.Mod(d.Seconds(), 60))
}

// axis writes a tick of the time axis as short as can be.
func axis(d time.Duration) string {
	if d >= 2*time.Minute {
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + nbsp + "s"
}

// count groups the digits of a number by three: "29 956".
func count(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(nbsp)
		}
		b.WriteRune(r)
	}
	return sign + b.String()
}

// plural is "1 trial" or "3 trials".
func plural(n int, noun string) string {
	if n == 1 {
		return "1" + nbsp + noun
	}
	return count(n) + nbsp + noun + "s"
}

// percent writes a small share with two significant digits: "0.029 %".
func percent(f float64) string {
	if f == 0 || math.IsNaN(f) {
		return "0" + nbsp + "%"
	}
	p := 100 * f
	digits := max(0, 1-int(math.Floor(math.Log10(math.Abs(p)))))
	return strconv.FormatFloat(p, 'f', min(digits, 9), 64) + nbsp + "%"
}

// availability writes a share near 1 to two digits of what is missing, rounded
// down: 0.99997 is "99.9970 %" and only 1 is "100 %".
func availability(f float64) string {
	if math.IsNaN(f) {
		return "0" + nbsp + "%"
	}
	if f >= 1 {
		return "100" + nbsp + "%"
	}
	digits := 2
	if gap := 100 * (1 - f); gap > 0 {
		digits = min(max(2, 1-int(math.Floor(math.Log10(gap)+1e-9))), 7)
	}
	scale := math.Pow(10, float64(digits))
	down := math.Floor(f*100*scale+1e-6) / scale
	return strconv.FormatFloat(down, 'f', digits, 64) + nbsp + "%"
}
