package reports

import (
	"github.com/fournines/fournines/harness"
)

// sharesSample is the kill of a gateway behind an edge that balances by
// weights: nothing is noticed, and the others answer what it would have.
func sharesSample() sample {
	v := verdict(harness.Pass, `killing "gateway-2" cost readers nothing they can notice.`)
	v.Scenario = "gateway-kill"
	v.Hypothesis = "when one of three gateways is killed readers do not notice"
	share := func(name string, n, of int, wanted float64) harness.ReplicaShare {
		return harness.ReplicaShare{Replica: name, Answered: n, Share: float64(n) / float64(of), Wanted: wanted}
	}
	e, m := killEvidence(1), killMeasurement(1)
	e.Plan.Scenario.Name = v.Scenario
	e.Stack.Weights = map[string]int{"gateway-1": 200, "gateway-2": 100, "gateway-3": 100}
	m.Shares = []harness.Shares{
		{Component: "catalog", Stages: []harness.StageShares{
			{Stage: harness.Baseline, Answered: 2999, Deviation: .00013, Farthest: "catalog-1<b>", Replicas: []harness.ReplicaShare{share("catalog-1<b>", 1000, 2999, .3333), share("catalog-2", 1000, 2999, .3333), share("catalog-3", 999, 2999, .3333)}},
		}},
		{Component: "gateway", Stages: []harness.StageShares{
			{Stage: harness.Baseline, Answered: 3000, Deviation: .0003, Farthest: "gateway-1", Replicas: []harness.ReplicaShare{share("gateway-1", 1501, 3000, .5), share("gateway-2", 750, 3000, .25), share("gateway-3", 749, 3000, .25)}},
			{Stage: harness.Disruption, Answered: 5997, Deviation: .25, Farthest: "gateway-2", Replicas: []harness.ReplicaShare{share("gateway-1", 3998, 5997, .5), share("gateway-2", 0, 5997, .25), share("gateway-3", 1999, 5997, .25)}},
			{Stage: harness.Recovery, Answered: 4500, Deviation: .01, Farthest: "gateway-1", Replicas: []harness.ReplicaShare{share("gateway-1", 2205, 4500, .5), share("gateway-2", 1148, 4500, .25), share("gateway-3", 1147, 4500, .25)}},
		}},
	}
	v.Trials = append(v.Trials, m)
	v.Findings = []harness.Finding{
		finding("failedFraction", 1, harness.Pass, "0 %", "", "≤ 0.01 %", "No request of 10,497 failed."),
	}
	return sample{[]harness.Verdict{v}, []harness.Evidence{e}}
}
