package slo_test

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

func ExampleRequiredN() {
	for failures := range 4 {
		n, _ := slo.RequiredN(slo.ErrorRatio(.9999), .95, failures)
		fmt.Println(failures, "failures:", n, "requests")
	}
	// Output:
	// 0 failures: 29956 requests
	// 1 failures: 47437 requests
	// 2 failures: 62956 requests
	// 3 failures: 77535 requests
}

func ExampleBudget() {
	fmt.Printf("%.3f minutes a year\n", slo.Budget(.9999, slo.Year).Minutes())
	// Output: 52.596 minutes a year
}

func ExampleSequential() {
	// Nightly tier: at most one injection in five may exceed its limits. A
	// second night on the same build goes on where the first one stopped, and
	// pays a little for the break.
	rule := slo.Rule{Unit: slo.Injections, Eps: .2, Alpha: .05}
	first := slo.NewSequential(rule, slo.Carried{})
	for range 12 {
		first.Add(0, 1)
	}
	more, _ := first.CleanToHold()
	fmt.Println(first.Decision() == slo.Undecided, "needs", more, "more clean injections")

	second := slo.NewSequential(rule, first.Stopped())
	for range 5 {
		second.Add(0, 1)
	}
	fmt.Println(second.Decision() == slo.Holds)
	// Output:
	// true needs 4 more clean injections
	// true
}

func ExampleHodgesLehmann() {
	baseline := slo.Observed(4100*time.Millisecond, 4300*time.Millisecond, 4*time.Second, 4600*time.Millisecond,
		4200*time.Millisecond, 4400*time.Millisecond, 4500*time.Millisecond, 4300*time.Millisecond)
	candidate := slo.Observed(5200*time.Millisecond, 5600*time.Millisecond, 4900*time.Millisecond,
		5300*time.Millisecond, 5800*time.Millisecond)
	shift := slo.HodgesLehmann(candidate, baseline, .95)
	margin := slo.Margin(100*time.Millisecond, .1, baseline)
	fmt.Println(shift.Estimate, "from", shift.Lo, "to", shift.Hi, "beyond", margin, shift.Beyond(margin) == slo.Worse)
	// Output: 1.05s from 700ms to 1.5s beyond 430ms true
}

func ExamplePerYear() {
	year := slo.PerYear(.9999, []slo.Risk{
		{Name: "zone lost", ETTF: 90 * 24 * time.Hour, Cost: slo.Cost(5*time.Minute, 30*time.Minute, .2)},
		{Name: "replica killed", ETTF: 24 * time.Hour, Cost: 500 * time.Millisecond, Upper: time.Second},
	})
	for _, r := range year.Risks {
		fmt.Printf("%s: at most %.1f min a year, %.0f %% of the budget\n", r.Name, r.AtMost.Minutes(), 100*r.ShareAtMost)
	}
	fmt.Println("within:", year.Within)
	// Output:
	// zone lost: at most 28.4 min a year, 54 % of the budget
	// replica killed: at most 6.1 min a year, 12 % of the budget
	// within: false
}

func ExampleAlert_Delay() {
	for _, alert := range slo.WorkbookAlerts(30 * 24 * time.Hour) {
		delay, _ := alert.Delay(.9999, .1)
		fmt.Printf("burning %.1f over %v: after %.0f s of 10 %% failing\n", alert.Factor, alert.Long, delay.Seconds())
	}
	// Output:
	// burning 14.4 over 1h0m0s: after 52 s of 10 % failing
	// burning 6.0 over 6h0m0s: after 130 s of 10 % failing
	// burning 3.0 over 24h0m0s: after 259 s of 10 % failing
	// burning 1.0 over 72h0m0s: after 259 s of 10 % failing
}
