package harness

import (
	"slices"

	"github.com/fournines/fournines/harness/slo"
)

// RiskUncovered is the reason for Inconclusive when a class of the catalogue
// was not measured.
const RiskUncovered Code = "RISK_NOT_COVERED"

// JudgeYear says what the faults of a run would cost in a year, if they
// happened as often as the catalogue says: the sum over its classes of
// (365.25/ETTF[days]) * cost, against (1-availability) * 525 960 minutes, and
// at most slo.SingleRiskShare of that for one class. The cost of a class is
// that of one injection, measured by the run's sound trials; of several
// scenarios of a class the worst one, because ETTF counts the whole class. It
// is pure.
//
// verdicts and scenarios are joined by the scenario's name; a verdict without
// a scenario is left out. The Finding passes only if every class of the
// catalogue was measured and the upper bounds fit. It fails when the means
// alone do not.
func JudgeYear(verdicts []Verdict, scenarios []Scenario, risks RiskCatalogue) YearBudget {
	y := YearBudget{Schema: YearSchema, Rows: []YearRow{}, Catalogue: risks}
	for _, s := range scenarios {
		y.Objective = max(y.Objective, s.SLO.Availability)
	}
	rows := map[string]YearRow{}
	for _, v := range verdicts {
		i := slices.IndexFunc(scenarios, func(s Scenario) bool { return s.Name == v.Scenario })
		if i < 0 {
			continue
		}
		risk, known := risks.Find(scenarios[i].RiskClass)
		injections := injectionsOf(v)
		if !known || len(injections) == 0 {
			continue
		}
		cost := costOf(scenarios[i], injections)
		row, second := rows[risk.Class]
		if second {
			row.Cost, row.Injections = row.Cost.worse(cost), min(row.Injections, len(injections))
		} else {
			row = YearRow{RiskClass: risk, Cost: cost, Injections: len(injections)}
		}
		row.Scenarios = append(row.Scenarios, v.Scenario)
		rows[risk.Class] = row
	}
	y.add(rows)
	for _, r := range risks.Risks {
		if _, ok := rows[r.Class]; !ok {
			y.Uncovered = append(y.Uncovered, r.Class)
		}
	}
	for _, class := range classes(scenarios) {
		if _, known := risks.Find(class); !known {
			y.Unknown = append(y.Unknown, class)
		}
	}
	y.Finding = yearFinding(y)
	return y
}

// add fills in the arithmetic of package slo, row by row in the order of what
// they take.
func (y *YearBudget) add(rows map[string]YearRow) {
	var risks []slo.Risk
	for _, r := range y.Catalogue.Risks { // not over the map: ties stay in the catalogue's order
		if row, ok := rows[r.Class]; ok {
			risks = append(risks, slo.Risk{Name: r.Class, ETTF: r.ETTF, Cost: row.Cost.Mean, Upper: row.Cost.Upper})
		}
	}
	year := slo.PerYear(y.Objective, risks)
	y.Budget, y.Limit, y.Expected, y.AtMost = year.Budget, year.Limit, year.Expected, year.AtMost
	for _, r := range year.Risks {
		row := rows[r.Name]
		row.Expected, row.AtMost, row.Share, row.ShareAtMost, row.TooLarge = r.Expected, r.AtMost, r.Share, r.ShareAtMost, r.TooLarge
		if row.Cost.Upper == slo.Never {
			row.AtMost, row.TooLarge = slo.Never, true
		}
		y.Rows = append(y.Rows, row)
	}
	if slices.ContainsFunc(y.Rows, func(r YearRow) bool { return r.AtMost == slo.Never }) {
		y.AtMost = slo.Never
	}
}

// injectionsFor is how many injections, none costlier than those so far, would
// bring a row's bound within the limit; ok is false when no number would, or
// more than MaxTrials.
func (y YearBudget) injectionsFor(row YearRow) (n int, ok bool) {
	if row.Cost.Upper == slo.Never {
		return 0, false
	}
	for n = row.Injections + 1; n <= MaxTrials; n++ {
		if row.AtMostWith(n) <= y.Limit {
			return n, true
		}
	}
	return 0, false
}
