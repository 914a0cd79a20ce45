package harness_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// A service of one's own is measured for two seconds without a fault. It
// answers every request, and two seconds are not enough to claim 99.99 %.
func ExampleRun() {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()

	scenario := harness.Scenario{
		Name:       "front-page",
		Hypothesis: "the front page answers",
		Load:       harness.LoadSpec{Rate: 50, Mix: "front-page", Timeout: time.Second},
		Stages:     harness.Stages{Baseline: 2 * time.Second},
		SLO:        harness.SLO{Availability: 0.9999},
	}
	plan, err := harness.Resolve(scenario, 1, 1, nil)
	if err != nil {
		fmt.Println(err) // every mistake in the scenario
		return
	}
	requests, err := load.New(load.Config{
		Rate: scenario.Load.Rate, Timeout: scenario.Load.Timeout,
		Requests: func(uint64) load.Request { return load.Request{URL: server.URL} },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	evidence, err := harness.Run(context.Background(), plan, harness.Rig{Load: requests})
	if err != nil {
		fmt.Println(err) // the harness could not do its job
		return
	}
	verdict := harness.Judge(scenario, []harness.Evidence{evidence}, nil)
	fmt.Println("proven:", verdict.Outcome == harness.Pass)
	fmt.Println("failed:", verdict.Trials[0].Bad)
	// Output:
	// proven: false
	// failed: 0
}
