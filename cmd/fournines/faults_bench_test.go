package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

var (
	faultsRounds = flag.Int("faults-rounds", 20, "how often BenchmarkFaults injects each fault")
	faultsKinds  = flag.String("faults-kinds", "", "kinds of faults that it injects, with commas; empty for the catalogue")
)

// BenchmarkFaults is how long every fault of the catalogue takes from Inject to
// its proof, and from Recover to the proof that it is gone: the example of each
// kind, again and again on one reference platform without a controller. What is
// not possible here, or failed, is said in place of the times.
func BenchmarkFaults(b *testing.B) {
	dockertest.Require(b)
	st, err := docker.Up(b.Context(), docker.Options{RunID: newRunID(time.Now()), NoController: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := st.Down(ctx); err != nil {
			b.Error(err)
		}
	})
	for b.Loop() {
		for _, k := range fault.Catalogue() {
			if *faultsKinds != "" && !slices.Contains(strings.Split(*faultsKinds, ","), k.Action) {
				continue
			}
			l := livesOf(b, k, st)
			if err := benchmark.Faults.Print(os.Stdout, benchmark.Faults.Row(k.Action, l.count(), l.text(l.effective), l.text(l.removed))); err != nil {
				b.Error(err)
			}
		}
	}
}

// lives are what became of several injections of one fault.
type lives struct {
	effective, removed benchmark.Runs
	// failures are those that did not go as they should.
	failures []string
}

func livesOf(b *testing.B, k fault.Kind, st stack.Stack) (l lives) {
	for range *faultsRounds {
		if err := allReady(b.Context(), st); err != nil {
			b.Fatalf("after %s: %v", k.Action, err)
		}
		p := tryFault(b.Context(), k, st)
		switch p.Support {
		case supported, fallback:
			l.effective = append(l.effective, p.Effective.Seconds()*1000)
			l.removed = append(l.removed, p.Removed.Seconds()*1000)
		case unsupported:
			l.failures = append(l.failures, p.Because)
			return l
		default:
			l.failures = append(l.failures, p.Because)
			b.Errorf("%s: %s", k.Action, p.Because)
		}
	}
	return l
}

func (l lives) count() string {
	switch good := len(l.effective); {
	case good == 0:
		return "not here: " + l.failures[0]
	case len(l.failures) > 0:
		return fmt.Sprintf("%d, and %d that failed", good, len(l.failures))
	default:
		return fmt.Sprint(good)
	}
}

// text is the median and, of fewer than 100, the largest.
func (l lives) text(r benchmark.Runs) string {
	if len(r) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f / %.0f ms", r.Median(), slices.Max(r))
}

// allReady waits until every replica is, a minute at most.
func allReady(ctx context.Context, st stack.Stack) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var before error // what the round before this one found
	for {
		var last error
		for _, c := range st.Components() {
			for _, r := range c.Replicas {
				if err := r.Ready(ctx); err != nil && ctx.Err() == nil {
					last = fmt.Errorf("%s is not ready: %w", r.Name(), err)
				}
			}
		}
		switch {
		case ctx.Err() != nil:
			return cmp.Or(last, before, ctx.Err())
		case last == nil:
			return nil
		}
		before = last
		select {
		case <-ctx.Done():
			return last
		case <-tick.C:
		}
	}
}
