package harness

import (
	"strings"
	"time"

	"github.com/fournines/fournines/harness/figure"
)

// The judge's names of the one style of numbers; package figure has its rules.
func formatDuration(d time.Duration) string        { return figure.Duration(d) }
func formatPercent(fraction float64) string        { return figure.Percent(fraction) }
func percentBeside(fraction, other float64) string { return figure.PercentBeside(fraction, other) }
func exactPercent(fraction float64) string         { return figure.Exact(fraction) }
func formatCount(n int) string                     { return figure.Count(n) }
func plural(n int, one string) string              { return figure.Plural(n, one) }
func trimmed(v float64, decimals int) string       { return figure.Number(v, decimals) }

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
