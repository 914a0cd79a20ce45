package slo

import (
	"cmp"
	"slices"
	"time"
)

// SingleRiskShare is the largest share of the yearly budget that one risk may
// take (Google CRE, "Know thy enemy").
const SingleRiskShare = .25

// Risk is one class of fault and what it costs.
type Risk struct {
	Name string
	// ETTF is the estimated time between two occurrences. Not positive means
	// that it is unknown, and that the risk has no bound.
	ETTF time.Duration
	// Cost is the downtime that one occurrence is worth: see Cost. Upper is
	// its upper confidence bound; less than Cost is Cost.
	Cost, Upper time.Duration
}

// Cost is the downtime that one occurrence of a fault is worth:
// (detect+resolve) times the share of users or requests it hits, in [0,1].
// Negative times count as 0, an impact that is no share as 1.
func Cost(detect, resolve time.Duration, impact float64) time.Duration {
	if !(impact >= 0 && impact <= 1) {
		impact = 1
	}
	return rounded((float64(max(detect, 0)) + float64(max(resolve, 0))) * impact)
}

// MeanCostBound is an upper bound of the mean cost of an injection when all
// but the share exceeding cost at most within, and none more than limit:
// within + exceeding*(limit-within). With the UpperBound of the share it holds
// at that bound's confidence. A share outside [0,1] is 1.
func MeanCostBound(within, limit time.Duration, exceeding float64) time.Duration {
	within = max(within, 0)
	if !(exceeding >= 0 && exceeding <= 1) {
		exceeding = 1
	}
	return rounded(float64(within) + exceeding*float64(max(limit-within, 0)))
}

// Yearly is the downtime of a risk per Year, cost * 365.25/ETTF[days], from
// its cost and from the upper bound of it; Never when the ETTF is unknown.
func (r Risk) Yearly() (expected, upper time.Duration) {
	if r.ETTF <= 0 {
		return Never, Never
	}
	times := float64(Year) / float64(r.ETTF)
	cost := max(r.Cost, 0)
	return rounded(times * float64(cost)), rounded(times * float64(max(r.Upper, cost)))
}

// YearlyRisk is a Risk as a part of a yearly budget.
type YearlyRisk struct {
	Risk
	// Expected and AtMost are its downtime per Year, from Cost and Upper.
	Expected, AtMost time.Duration
	// Share and ShareAtMost are those in budgets: 1 is all of it; at most
	// 10^9.
	Share, ShareAtMost float64
	// TooLarge says that AtMost is over the limit for a single risk.
	TooLarge bool
}

// YearlyRisks is a catalogue of risks held against a yearly error budget.
type YearlyRisks struct {
	// Budget is (1-target) of a Year, and Limit what one risk may take of it.
	Budget, Limit time.Duration
	// Expected and AtMost are the sums over all risks.
	Expected, AtMost time.Duration
	// Risks are in the order of AtMost, then of Expected: the first dominates.
	Risks []YearlyRisk
	// Within says that AtMost is at most Budget and no risk is TooLarge. An
	// empty catalogue shows nothing: false.
	Within bool
}

// PerYear holds a catalogue of risks against the yearly budget of a target:
// sum of (365.25/ETTF)*cost <= (1-target)*525 960 min, and at most
// SingleRiskShare of that for one (Google CRE, "Know thy enemy").
func PerYear(target float64, risks []Risk) YearlyRisks {
	y := YearlyRisks{Budget: Budget(target, Year)}
	y.Limit = rounded(SingleRiskShare * float64(y.Budget))
	y.Within = len(risks) > 0
	for _, r := range risks {
		row := YearlyRisk{Risk: r}
		row.Expected, row.AtMost = r.Yearly()
		row.Share, row.ShareAtMost = budgets(row.Expected, y.Budget), budgets(row.AtMost, y.Budget)
		row.TooLarge = row.AtMost > y.Limit
		y.Expected, y.AtMost = plus(y.Expected, row.Expected), plus(y.AtMost, row.AtMost)
		y.Within = y.Within && !row.TooLarge
		y.Risks = append(y.Risks, row)
	}
	y.Within = y.Within && y.AtMost <= y.Budget
	slices.SortStableFunc(y.Risks, func(a, b YearlyRisk) int {
		return cmp.Or(cmp.Compare(b.AtMost, a.AtMost), cmp.Compare(b.Expected, a.Expected))
	})
	return y
}

// budgets is how many budgets a downtime is, at most 10^9; 0 for none.
func budgets(downtime, budget time.Duration) float64 {
	const most = 1e9
	switch {
	case downtime <= 0:
		return 0
	case downtime == Never || budget <= 0:
		return most
	}
	return min(float64(downtime)/float64(budget), most)
}
