package rig_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
	"github.com/fournines/fournines/stack/platform/gateway"
)

const (
	// aaTrials is how many trials each run of a pair has.
	aaTrials = 5 // below four on either side no comparison of times can end
	// aaParallel is how many pairs run at the same time.
	aaParallel = 2
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

// same leaves a candidate's platform as it is.
func same(context.Context, *inproc.Stack) error { return nil }

// worse takes retries and outlier ejection from a platform's gateways.
func worse(ctx context.Context, st *inproc.Stack) error {
	options := gateway.Defaults()
	options.Without = []gateway.Feature{gateway.RetriesFeature, gateway.EjectionFeature}
	document, err := options.Document()
	if err != nil {
		return err
	}
	version, err := st.Configure(ctx, "gateway", document)
	if err != nil {
		return err
	}
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			if admin, ok := st.URL(r.Name()); ok && c.Name == "gateway" {
				if err := applied(ctx, admin, version); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// applied waits until a program uses a version of its document.
func applied(ctx context.Context, admin, version string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, admin+stack.ConfigPath, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		var state stack.ConfigState
		err = json.NewDecoder(resp.Body).Decode(&state)
		resp.Body.Close()
		if err != nil || state.Version == version {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: want version %q in use, saw %+v: %w", admin, version, state, ctx.Err())
		}
	}
}

// BenchmarkAA runs b.N pairs of identical runs in process and compares the
// second of each with the first as its baseline. What is found different is
// found so wrongly; more than aaFalse of the pairs fail the benchmark. A pair as
// a whole cannot pass: it is far too short to show an availability. What its
// comparisons came to, of which each pair has several, is counted apart.
func BenchmarkAA(b *testing.B) {
	told := benchmarkPairs(b, same)
	if sound := b.N - told.pairs[harness.Invalid]; b.N >= 100 && float64(told.pairs[harness.Fail]) > aaFalse*float64(sound) {
		b.Errorf("%d of %d sound pairs of identical runs were told apart; want at most %.0f %%:\n%v", told.pairs[harness.Fail], sound, 100*aaFalse, told.sentences)
	}
}

// BenchmarkAB is the same with a candidate that is worse: what is not told apart
// fails the benchmark.
func BenchmarkAB(b *testing.B) {
	told := benchmarkPairs(b, worse)
	if sound := b.N - told.pairs[harness.Invalid]; told.pairs[harness.Fail] < sound {
		b.Errorf("only %d of %d sound pairs with a worse candidate were told apart", told.pairs[harness.Fail], sound)
	}
}

// pairs is what comparisons of b.N pairs came to.
type pairs struct {
	// pairs are their outcomes; compared those of the comparisons of the sound.
	pairs, compared map[harness.Outcome]int
	// sentences are those of pairs that were told apart.
	sentences []string
}

func benchmarkPairs(b *testing.B, change func(context.Context, *inproc.Stack) error) pairs {
	var mu sync.Mutex
	all := pairs{pairs: map[harness.Outcome]int{}, compared: map[harness.Outcome]int{}}
	var g errgroup.Group
	g.SetLimit(aaParallel)
	for pair := range b.N {
		g.Go(func() error {
			v, err := aaPair(b.Context(), change, uint64(pair))
			if err != nil {
				return fmt.Errorf("pair %d: %w", pair, err)
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(pair, v)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	n := func(count int) string { return fmt.Sprint(count) }
	if err := benchmark.Identical.Print(os.Stdout, benchmark.Identical.Row(
		n(b.N), n(aaTrials), n(all.pairs[harness.Fail]),
		n(all.compared[harness.Pass]), n(all.compared[harness.Inconclusive]), n(all.compared[harness.Fail]), n(all.pairs[harness.Invalid]))); err != nil {
		b.Fatal(err)
	}
	return all
}

func (p *pairs) add(pair int, v harness.Verdict) {
	p.pairs[v.Outcome]++
	if v.Outcome == harness.Invalid {
		return
	}
	for _, f := range v.Findings {
		if strings.HasPrefix(f.Check, "regression-") {
			p.compared[f.Outcome]++
		}
	}
	if v.Outcome == harness.Fail {
		p.sentences = append(p.sentences, fmt.Sprintf("pair %d: %s", pair, v.Sentence))
	}
}

// aaTries is how often a trial is tried until the machine lets it be evidence,
// as whoever gets an invalid run tries again. That it was invalid has nothing to
// do with how it would have ended, so nothing is chosen by it.
const aaTries = 4

// soundTrial is a trial that is evidence, or the last of aaTries.
func soundTrial(ctx context.Context, st stack.Stack, seed uint64, trial int) (ev harness.Evidence, err error) {
	for range aaTries {
		ev, err = rig.Trial(ctx, aa(), st, seed, trial)
		if err != nil || harness.Judge(aa(), []harness.Evidence{ev}, nil).Outcome != harness.Invalid {
			break
		}
	}
	return ev, err
}

// aaPair is the verdict of a run on a platform that was changed, with one on a
// platform as it is as baseline. Their trials take turns in an order that
// favours neither (ABBA): what else the machine does meets both.
func aaPair(ctx context.Context, change func(context.Context, *inproc.Stack) error, seed uint64) (harness.Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, 8*time.Minute)
	defer cancel()
	var platforms [2]*inproc.Stack
	for i := range platforms {
		st, err := inproc.Up(ctx, inproc.Options{})
		if err != nil {
			return harness.Verdict{}, err
		}
		defer func() { _ = st.Down(context.WithoutCancel(ctx)) }() // the process ends next
		platforms[i] = st
	}
	if err := change(ctx, platforms[1]); err != nil {
		return harness.Verdict{}, err
	}
	var runs [2][]harness.Evidence
	for i := range 2 * aaTrials {
		turn := [...]int{0, 1, 1, 0}[i%4]
		ev, err := soundTrial(ctx, platforms[turn], seed, i+1)
		if err != nil {
			return harness.Verdict{}, err
		}
		runs[turn] = append(runs[turn], ev)
	}
	return harness.Judge(aa(), runs[1], &harness.BaselineRun{Ref: "the first run", Trials: runs[0]}), nil
}
