package rig_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack/inproc"
)

const (
	// aaTrials is how many trials each run of a pair has.
	aaTrials = 3
	// aaParallel is how many pairs run at the same time.
	aaParallel = 4
	// aaFalse is the largest share of pairs that may be told apart.
	aaFalse = .05
)

// aa is the scenario of BenchmarkAA: as short as a recovery in process allows.
func aa() harness.Scenario {
	failed := .05
	return harness.Scenario{
		Name: "aa", Hypothesis: "a killed catalog replica costs the same twice",
		Load:   harness.LoadSpec{Rate: 60, Mix: "browse", Timeout: time.Second},
		Stages: harness.Stages{Steady: 300 * time.Millisecond, Baseline: 500 * time.Millisecond, Disruption: 1500 * time.Millisecond, Recovery: 1500 * time.Millisecond},
		Faults: []harness.FaultSpec{{Action: "container-kill", Target: harness.TargetSpec{Component: "catalog", Mode: "one"}}},
		SLO:    harness.SLO{Availability: .9999},
		Limits: harness.Limits{FailedFraction: &failed},
	}
}

// BenchmarkAA runs b.N pairs of identical runs in process and compares the
// second of each with the first as its baseline. What is found different is
// found so wrongly; more than aaFalse of the pairs fail the benchmark.
func BenchmarkAA(b *testing.B) {
	var mu sync.Mutex
	outcomes := map[harness.Outcome]int{}
	var told []string
	var g errgroup.Group
	g.SetLimit(aaParallel)
	for pair := range b.N {
		g.Go(func() error {
			v, err := aaPair(b.Context(), uint64(pair))
			if err != nil {
				return fmt.Errorf("pair %d: %w", pair, err)
			}
			mu.Lock()
			defer mu.Unlock()
			outcomes[v.Outcome]++
			if v.Outcome == harness.Fail {
				told = append(told, fmt.Sprintf("pair %d: %s", pair, v.Sentence))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	for _, o := range []harness.Outcome{harness.Pass, harness.Inconclusive, harness.Invalid, harness.Fail} {
		b.ReportMetric(float64(outcomes[o]), o.String())
	}
	if sound := b.N - outcomes[harness.Invalid]; b.N >= 100 && float64(len(told)) > aaFalse*float64(sound) {
		b.Errorf("%d of %d sound pairs of identical runs were told apart; want at most %.0f %%:\n%v", len(told), sound, 100*aaFalse, told)
	}
}

// aaPair is the verdict of one run with another one, the same, as baseline.
func aaPair(ctx context.Context, seed uint64) (harness.Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	platform, err := inproc.Up(ctx, inproc.Options{})
	if err != nil {
		return harness.Verdict{}, err
	}
	defer func() { _ = platform.Down(context.WithoutCancel(ctx)) }() // the process ends next
	s := aa()
	var runs [2][]harness.Evidence
	for i := range 2 * aaTrials {
		ev, err := rig.Trial(ctx, s, platform, seed, i+1)
		if err != nil {
			return harness.Verdict{}, err
		}
		runs[i/aaTrials] = append(runs[i/aaTrials], ev)
	}
	return harness.Judge(s, runs[1], &harness.BaselineRun{Ref: "the first run", Trials: runs[0]}), nil
}
