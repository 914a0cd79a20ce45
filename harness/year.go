package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// YearSchema is the version of YearBudget's JSON form.
const YearSchema = 1

// Unbounded is the upper bound of a cost that has none.
const Unbounded = slo.Never

// SingleRiskShare is what one risk may take of a year's budget.
const SingleRiskShare = slo.SingleRiskShare

// YearBudget holds what injections cost against the downtime that the
// objective leaves in a year. It is advisory: Finding says what it comes to
// and decides nothing.
type YearBudget struct {
	Schema int `json:"schema"`
	// Objective is the strictest availability of the run's scenarios.
	Objective float64 `json:"objective"`
	// Budget is (1-Objective) of a year, and Limit what one risk may take of
	// it.
	Budget time.Duration `json:"budgetNs"`
	Limit  time.Duration `json:"singleRiskLimitNs"`
	// Expected and AtMost are the sums over Rows; Unbounded when something has
	// no bound.
	Expected time.Duration `json:"expectedNs"`
	AtMost   time.Duration `json:"atMostNs"`
	// Rows are the risks that the run measured; the first dominates.
	Rows []YearRow `json:"rows"`
	// Uncovered are the classes of the catalogue of which the run has no sound
	// injection. The year is not known before they are measured too.
	Uncovered []string `json:"uncovered,omitempty"`
	// Unknown are the classes that scenarios name and the catalogue lacks.
	Unknown []string `json:"unknown,omitempty"`
	// Catalogue is what the figures were taken from.
	Catalogue RiskCatalogue `json:"catalogue"`
	Finding   Finding       `json:"finding"`
}

// YearRow is one risk: how often it happens by itself, and what it cost when
// it was injected.
type YearRow struct {
	RiskClass
	// Scenarios stood for the class; where there are several, each cost is
	// that of the worst.
	Scenarios []string `json:"scenarios"`
	// Injections is the number of sound trials with an effective fault, of the
	// scenario with the fewest: its bound is the widest.
	Injections int       `json:"injections"`
	Cost       FaultCost `json:"cost"`
	// Expected is the mean cost times occurrences per year, AtMost its bound;
	// Share and ShareAtMost are those in budgets: 1 is all of it.
	Expected    time.Duration `json:"expectedNs"`
	AtMost      time.Duration `json:"atMostNs"`
	Share       float64       `json:"share"`
	ShareAtMost float64       `json:"shareAtMost"`
	// TooLarge says that AtMost is over what one risk may take.
	TooLarge bool `json:"tooLarge,omitempty"`
}

// FaultCost is the downtime that one occurrence is worth: the time for which
// everybody would have been down to lose as much.
type FaultCost struct {
	Median time.Duration `json:"medianNs"`
	Mean   time.Duration `json:"meanNs"`
	// Worst is the costliest injection, with the resolution of its measurement
	// on top. It is never 0: what is shorter than the time between two requests
	// is not seen.
	Worst time.Duration `json:"worstNs"`
	// Resolution is how exactly the downtime of one injection is measured.
	Resolution time.Duration `json:"resolutionNs"`
	// Window is the judged time of one injection: what it can cost at most.
	Window time.Duration `json:"windowNs"`
	// Upper is the upper bound of the mean at Confidence; Unbounded when
	// Unended is not 0.
	Upper      time.Duration `json:"upperNs"`
	Confidence float64       `json:"confidence"`
	// Unended is the number of injections in which requests were still failing
	// when the fault was taken away, or at the end: what such a fault costs
	// when nobody takes it away was not measured.
	Unended int `json:"unended,omitempty"`
}

// AtMostWith is what AtMost would be after n injections in all, none of them
// costlier than those so far; Unbounded when no number of injections gives a
// bound.
func (r YearRow) AtMostWith(n int) time.Duration {
	if r.Cost.Upper == Unbounded || n < 1 {
		return Unbounded
	}
	bound := slo.MeanCostBound(r.Cost.Worst, r.Cost.Window, slo.UpperBound(0, n, Confidence))
	_, upper := (slo.Risk{ETTF: r.ETTF, Upper: bound}).Yearly()
	return upper
}
