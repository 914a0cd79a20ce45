package harness_test

import (
	"fmt"

	"github.com/fournines/fournines/harness"
)

func ExampleJudge() {
	s := harness.Scenario{Name: "steady-state", SLO: harness.SLO{Availability: .9999}}
	v := harness.Judge(s, nil, nil)
	fmt.Println(v.Outcome)
	fmt.Println(v.Sentence)
	// Output:
	// inconclusive
	// INCONCLUSIVE: there is no evidence: no trial was recorded; needed: a run of the scenario.
}
