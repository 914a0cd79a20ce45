package harness

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shared is a trial of two seconds a stage over three gateways, two catalogs
// and an edge, whose seconds served as given.
func shared(weights map[string]int, seconds ...map[string]int) Evidence {
	ev := Evidence{Header: Header{Stack: StackInfo{Weights: weights}}, End: End{Reason: Completed}}
	for component, n := range map[string]int{"edge": 1, "gateway": 3, "catalog": 2} {
		for i := 1; i <= n; i++ {
			ev.Stack.Targets = append(ev.Stack.Targets, Target{Name: fmt.Sprintf("%s-%d", component, i), Component: component})
		}
	}
	for i, stage := range []Stage{Baseline, Disruption, Recovery} {
		// Stages begin within a second, as they do.
		from := time.Duration(i)*3*time.Second + 300*time.Millisecond
		ev.Stages = append(ev.Stages, StageRecord{Stage: stage, Window: Window{from, from + 3*time.Second}})
	}
	for i, served := range seconds {
		ev.Seconds = append(ev.Seconds, Second{At: time.Duration(i) * time.Second, Served: served})
	}
	return ev
}

func TestSharesAreThoseOfEachStage(t *testing.T) {
	lost := map[string]int{"gateway-1": 1000} // in a second that two stages have a part of
	ev := shared(nil,
		lost, map[string]int{"gateway-1": 20, "gateway-2": 20, "gateway-3": 20, "catalog-1": 60}, map[string]int{"gateway-1": 20, "gateway-2": 20, "gateway-3": 20},
		lost, map[string]int{"gateway-1": 30, "gateway-2": 30}, nil,
		lost, map[string]int{"gateway-1": 2, "gateway-2": 1, "gateway-3": 1, "edge-1": 4, "stranger": 9, Others: 9}, nil,
	)
	third := 1.0 / 3
	want := []Shares{
		{Component: "catalog", Stages: []StageShares{
			{Stage: Baseline, Answered: 60, Deviation: .5, Farthest: "catalog-1", Replicas: []ReplicaShare{{"catalog-1", 60, 1, .5}, {"catalog-2", 0, 0, .5}}},
		}},
		{Component: "gateway", Stages: []StageShares{
			{Stage: Baseline, Answered: 120, Deviation: 0, Farthest: "gateway-1", Replicas: []ReplicaShare{{"gateway-1", 40, third, third}, {"gateway-2", 40, third, third}, {"gateway-3", 40, third, third}}},
			{Stage: Disruption, Answered: 60, Deviation: third, Farthest: "gateway-3", Replicas: []ReplicaShare{{"gateway-1", 30, .5, third}, {"gateway-2", 30, .5, third}, {"gateway-3", 0, 0, third}}},
			{Stage: Recovery, Answered: 4, Deviation: 1.0 / 6, Farthest: "gateway-1", Replicas: []ReplicaShare{{"gateway-1", 2, .5, third}, {"gateway-2", 1, .25, third}, {"gateway-3", 1, .25, third}}},
		}},
	}
	if diff := cmp.Diff(want, Measure(ev).Shares, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSharesAreHeldAgainstTheWeights(t *testing.T) {
	weights := map[string]int{"gateway-1": 200, "gateway-2": 100, "gateway-3": 100}
	got := sharesIn(shared(weights, nil, map[string]int{"gateway-1": 50, "gateway-2": 25, "gateway-3": 25}))
	if s := got[0].Stages[0]; s.Deviation > 1e-9 || s.Replicas[0].Wanted != .5 {
		t.Errorf("shares as wanted: %+v, want no deviation", s)
	}
}

func TestAReplicaThatWasPlacedSinceHasAShare(t *testing.T) {
	got := sharesIn(shared(nil, nil, nil, nil, nil, map[string]int{"catalog-1": 10, "catalog-3": 10}))
	want := []ReplicaShare{{"catalog-1", 10, .5, 1.0 / 3}, {"catalog-2", 0, 0, 1.0 / 3}, {"catalog-3", 10, .5, 1.0 / 3}}
	if diff := cmp.Diff(want, got[0].Stages[0].Replicas); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswersThatDoNotSayGiveNoShares(t *testing.T) {
	if got := Measure(shared(nil, nil, nil, nil)).Shares; got != nil {
		t.Errorf("shares %+v, want none", got)
	}
}

func TestWhoServedIsCountedWithinBounds(t *testing.T) {
	base := time.Unix(0, 0)
	var seconds []Second
	tl := newTally(base, 0, func(r record) {
		if r.Second != nil {
			seconds = append(seconds, *r.Second)
		}
	})
	const names = 3 * mostServed
	for i := range names {
		at := base.Add(time.Duration(i) * 50 * time.Millisecond)
		class := OK
		if i == 0 {
			class = HTTP5xx // an answer that does not count as one
		}
		name := fmt.Sprintf("replica-%d", i)
		tl.add(Event{Seq: uint64(i), Intended: at, Sent: at, Class: class, Served: []string{"gateway-1", name, name}})
	}
	tl.close()
	counted := map[string]int{}
	for _, s := range seconds {
		for name, n := range s.Served {
			counted[name] += n
		}
	}
	if len(counted) != mostServed+1 || counted["gateway-1"] != names-1 || counted["replica-1"] != 1 || counted[Others] != names-mostServed {
		t.Errorf("%d names, gateway-1 %d, replica-1 %d, others %d; want %d, %d, 1, %d",
			len(counted), counted["gateway-1"], counted["replica-1"], counted[Others], mostServed+1, names-1, names-mostServed)
	}
}
