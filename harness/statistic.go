package harness

import (
	"math"
	"strconv"

	"github.com/fournines/fournines/harness/slo"
)

// alpha is 1-Confidence without the rounding of binary fractions.
const alpha = 0.05

// Statistic is what a statistical finding rests on. It may be looked at at any
// time: package slo has the tests.
type Statistic struct {
	// Trials are requests or injections, Failures how many of them were bad,
	// of this run alone. In a comparison with a baseline they are the sound
	// trials and the episodes in which requests failed, 0 where times are
	// compared.
	Trials   int `json:"trials"`
	Failures int `json:"failures"`
	// Allowed is the largest share of failures that the statement admits; 0 in
	// a comparison.
	Allowed float64 `json:"allowed"`
	// Dispersion is φ, how many failures stand for one independent one; 1 for
	// injections. Declared says that the scenario states it.
	Dispersion float64 `json:"dispersion"`
	Declared   bool    `json:"declared,omitempty"`
	// PHolds is the anytime p-value of "more than Allowed fail": a small one
	// shows that the statement holds. PRefuted is that of "at most Allowed
	// fail". Both lie in [0,1] and have four significant digits. In a comparison
	// they are those of "worse than anybody minds" and of "not worse than that",
	// for times the smallest 1-confidence whose interval does not reach over
	// the margin (package slo: ShiftP).
	PHolds   float64 `json:"pHolds"`
	PRefuted float64 `json:"pRefuted"`
	// Checks is how many checks were declared together with this one: alone it
	// is refuted at 1-Confidence divided by Checks (Bonferroni), in the end by
	// Holm's rule (see JudgeRun).
	Checks int `json:"checks"`
	// Carried names the earlier runs whose evidence counts too.
	Carried []string `json:"carried,omitempty"`
	// Stopped is why the last trial ended before its time; empty when it did
	// not.
	Stopped string `json:"stopped,omitempty"`
}

// pValues notes the p-values of two tests; they may be the same.
func (s *Statistic) pValues(holds, refuted *slo.Sequential) {
	pHolds, _ := holds.P()
	_, pRefuted := refuted.P()
	s.PHolds, s.PRefuted = significant(pHolds), significant(pRefuted)
}

// significant rounds to four significant digits, so that the last bits of a
// processor's arithmetic are in no verdict.
func significant(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 3, 64), 64)
	return rounded
}
