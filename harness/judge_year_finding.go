package harness

import (
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// yearFinding is what a year comes to, in the form of every other judgement.
func yearFinding(y YearBudget) Finding {
	f := Finding{
		Check: "year", Advisory: true, Confidence: Confidence,
		Limit: "≤ " + formatDuration(y.Budget) + " a year", LimitValue: number(y.Budget.Seconds()),
	}
	if len(y.Rows) == 0 {
		f.Outcome, f.Code = Inconclusive, NoEvidence
		f.Reason = "No sound injection of a risk that the catalogue knows: nothing can be said about a year."
		f.Needs = "a scenario with a fault and a risk class of the catalogue"
		return f
	}
	f.Measured, f.MeasuredValue = formatDuration(y.Expected)+" a year", number(y.Expected.Seconds())
	f.Resolution = yearBound(y.AtMost)
	over := y.over(func(r YearRow) time.Duration { return r.Expected })
	switch {
	case y.Expected > y.Budget || len(over) > 0:
		f.Outcome, f.Code = Fail, LimitExceeded
	case len(y.Uncovered) > 0 || len(y.Unknown) > 0:
		f.Outcome, f.Code = Inconclusive, RiskUncovered
	case y.AtMost > y.Budget || len(y.over(func(r YearRow) time.Duration { return r.AtMost })) > 0:
		f.Outcome, f.Code = Inconclusive, TooFewTrials
	default:
		f.Outcome = Pass
	}
	f.Subject = y.Rows[0].Class
	f.Reason, f.Needs = y.reason(over), y.needs()
	return f
}

// over are the classes of which a figure is over what one risk may take.
func (y YearBudget) over(figure func(YearRow) time.Duration) []string {
	var names []string
	for _, r := range y.Rows {
		if figure(r) > y.Limit {
			names = append(names, r.Class)
		}
	}
	return names
}

func (y YearBudget) reason(over []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The %s would take about %s of the %s that %s leaves in a year, %s at %s confidence",
		measuredRisks(len(y.Rows)), formatDuration(y.Expected), formatDuration(y.Budget), exactPercent(y.Objective),
		yearBound(y.AtMost), exactPercent(Confidence))
	if len(y.Rows) > 1 {
		fmt.Fprintf(&b, "; %s takes most", y.Rows[0].Class)
	}
	b.WriteString(".")
	if len(over) > 0 {
		fmt.Fprintf(&b, " Over the %s that one risk may take: %s.", formatDuration(y.Limit), listed(over))
	}
	for _, r := range y.Rows {
		if r.Cost.Unended > 0 {
			fmt.Fprintf(&b, " In %s of %s requests were still failing when the fault was taken away: what it costs when nobody does is not known.",
				plural(r.Cost.Unended, "injection"), r.Class)
		}
	}
	if n := len(y.Uncovered); n > 0 {
		fmt.Fprintf(&b, " Not measured: %s of the catalogue's %s.", formatCount(n), plural(len(y.Catalogue.Risks), "risk"))
	}
	if len(y.Unknown) > 0 {
		fmt.Fprintf(&b, " Not in the catalogue: %s.", listed(y.Unknown))
	}
	return b.String()
}

func measuredRisks(n int) string {
	if n == 1 {
		return "one risk that was measured"
	}
	return spelled(n) + " risks that were measured"
}

// needs is what would make the year known, or known more closely.
func (y YearBudget) needs() string {
	var needs []string
	for _, r := range y.Rows {
		if r.Cost.Unended > 0 {
			needs = append(needs, "a disruption of "+r.Class+" that lasts until the platform has repaired it")
		}
		if r.TooLarge && r.Expected <= y.Limit {
			if n, ok := y.injectionsFor(r); ok {
				needs = append(needs, fmt.Sprintf("%d injections of %s, none costlier", n, r.Class))
			}
		}
	}
	if len(y.Uncovered) > 0 {
		needs = append(needs, "scenarios for "+listed(y.Uncovered))
	}
	if len(y.Unknown) > 0 {
		needs = append(needs, "how often there is "+listed(y.Unknown)+", in the catalogue")
	}
	if len(needs) == 0 && y.AtMost > y.Budget && y.Expected <= y.Budget {
		needs = append(needs, "more injections, first of "+y.Rows[0].Class)
	}
	return strings.Join(needs, "; ")
}

// yearBound is the bound of a downtime per year.
func yearBound(d time.Duration) string {
	if d == slo.Never {
		return "without a known bound"
	}
	return "at most " + formatDuration(d)
}
