package reports

import (
	"time"

	"github.com/fournines/fournines/harness"
)

func sampleRisk(class string, days float64, source string) harness.RiskClass {
	return harness.RiskClass{Class: class, ETTF: time.Duration(days * 24 * float64(time.Hour)), Source: source}
}

func sampleCost(mean, upper time.Duration) harness.FaultCost {
	return harness.FaultCost{
		Median: mean, Mean: mean, Worst: mean + ms(3), Resolution: ms(3), Window: 35 * time.Second, Upper: upper, Confidence: harness.Confidence,
	}
}

// sampleYear has a risk that is known well, one that is known badly and is too
// large for one risk, and others that nobody measured.
func sampleYear() *harness.YearBudget {
	crash := sampleRisk("process-crash", 30, "assumption: one crash a month; replace with your own")
	node := sampleRisk("node-loss", 219, "published: somebody counted")
	return &harness.YearBudget{
		Schema: harness.YearSchema, Objective: 0.9999, Budget: 3155760 * time.Millisecond, Limit: 788940 * time.Millisecond,
		Expected: 42 * time.Second, AtMost: 20 * time.Minute,
		Rows: []harness.YearRow{
			{RiskClass: crash, Scenarios: []string{"catalog-replica-kill", "gateway-kill"}, Injections: 1, Cost: sampleCost(3*time.Second, 80*time.Second),
				Expected: ms(36500), AtMost: 18 * time.Minute, Share: 0.0116, ShareAtMost: 0.342, TooLarge: true},
			{RiskClass: node, Scenarios: []string{"node-kill"}, Injections: 33, Cost: sampleCost(ms(3300), 72*time.Second),
				Expected: ms(5500), AtMost: 2 * time.Minute, Share: 0.0017, ShareAtMost: 0.038},
		},
		Uncovered: []string{"process-hang", "dns-outage", "disk-full", "overload", "<script>"},
		Unknown:   []string{"meteor"},
		Catalogue: harness.RiskCatalogue{Name: "fixtures/risks/risks.yaml", Risks: make([]harness.RiskClass, 7)},
		Finding:   harness.Finding{Check: "year", Advisory: true, Outcome: harness.Inconclusive, Code: harness.RiskUncovered, Measured: "42 s a year"},
	}
}

// unboundedYear is a year in which one risk has no bound.
func unboundedYear() *harness.YearBudget {
	y := sampleYear()
	r := &y.Rows[0]
	r.Cost.Unended, r.Cost.Upper, r.AtMost, r.ShareAtMost, y.AtMost = 1, harness.Unbounded, harness.Unbounded, 1e9, harness.Unbounded
	return y
}
