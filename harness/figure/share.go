package figure

import (
	"math"
	"strconv"
)

// Percent writes a fraction as a percentage with two significant digits,
// more near 100 %: "0.013 %", "12 %", "99.99 %".
func Percent(fraction float64) string { return percentWith(fraction, 2) }

// PercentBeside is Percent with as many digits as it takes to tell the
// fraction from another one that is printed beside it.
func PercentBeside(fraction, other float64) string {
	digits := 2
	for digits < 8 && percentWith(fraction, digits) == Exact(other) {
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
	return Number(percent, decimals) + " %"
}

// Exact writes a fraction that a person once typed as they typed it.
func Exact(fraction float64) string {
	return strconv.FormatFloat(math.Round(fraction*1e12)/1e10, 'f', -1, 64) + " %"
}

// Availability writes a share of good to two digits of what is missing,
// rounded down: 0.99997 is "99.997 %", and only 1 is "100 %".
func Availability(good float64) string {
	switch {
	case math.IsNaN(good), good <= 0:
		return "0 %"
	case good >= 1:
		return "100 %"
	}
	// The small term forgives the rounding of binary fractions.
	decimals := min(max(2, 1-int(math.Floor(math.Log10(100*(1-good))+1e-9))), 12)
	scale := math.Pow(10, float64(decimals))
	return Number(math.Floor(good*100*scale+1e-4)/scale, decimals) + " %"
}
