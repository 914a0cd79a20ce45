package benchmark

import (
	"fmt"
	"slices"
)

// Runs are the values of one figure, one of each run, in any order.
type Runs []float64

// Median is the value in the middle, the mean of the two of an even number;
// 0 of no runs.
func (r Runs) Median() float64 {
	if len(r) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(r))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Text is the median in a format of package fmt and, of two runs or more, the
// least and the largest: "1.2 (1.0–1.7) s" of "%.1f" and "s". Of no runs it is
// a dash.
func (r Runs) Text(format, unit string) string {
	text := func(v float64) string { return fmt.Sprintf(format, v) }
	switch len(r) {
	case 0:
		return "–"
	case 1:
		return text(r[0]) + " " + unit
	}
	return fmt.Sprintf("%s (%s–%s) %s", text(r.Median()), text(slices.Min(r)), text(slices.Max(r)), unit)
}
