package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/journal"
)

var (
	crashCount = flag.Int("crash-count", 500, "how many runs BenchmarkCrash kills")
	crashSeed  = flag.Uint64("crash-seed", 0, "seed of BenchmarkCrash; 0 draws one")
	crashKinds = flag.String("crash-kinds", "", "kinds of faults that crashes are under, with commas; empty for all that can be injected here")
)

// BenchmarkCrash kills runs at random moments of random faults, and looks from
// outside what is left after the lease: nothing, always. It is about how
// often, and how long, not about time per operation.
func BenchmarkCrash(b *testing.B) {
	seed := *crashSeed
	if seed == 0 {
		seed = newSeed()
	}
	random := rand.New(rand.NewPCG(seed, 0))
	site := newCrashSite(b)
	before := site.settled(b)
	lengths := site.lengths(b)
	kinds := slices.Sorted(maps.Keys(lengths))
	b.Logf("seed %d; kinds %s", seed, strings.Join(kinds, ", "))
	var healed benchmark.Runs
	kills, under, residual := 0, 0, 0
	for b.Loop() {
		for range *crashCount {
			action := kinds[random.IntN(len(kinds))]
			after := time.Duration(random.Int64N(int64(lengths[action])))
			kind, _ := fault.Lookup(action)
			c := site.crash(kind)
			end, err := site.run(b.Context(), c, func(at string, p *os.Process) {
				if at == "begin" {
					time.AfterFunc(after, func() { _ = p.Kill() }) // or it has ended meanwhile
				}
			})
			if err != nil || !end.killed && end.code != exitPass {
				// It ended before it was killed, in another way than it should:
				// what it left counts all the same.
				b.Logf("%s, to be killed after %v: exit code %d, %v:\n%s", action, after, end.code, err, end.said)
			}
			if end.killed {
				kills++
				if open(b, c) {
					under++
				}
			}
			left, took := site.residue(b, c, before, end.at)
			if left != "" {
				residual++
				b.Errorf("%s, killed after %v at %q: not as before %v later:\n%s\n%s", action, after, end.reached, took, left, site.log(c))
				before = site.settled(b)
				continue
			}
			if end.killed {
				healed = append(healed, took.Seconds())
			}
		}
	}
	b.ReportMetric(0, "ns/op") // left out: what takes time is planned
	longest := 0.
	if len(healed) > 0 {
		longest = slices.Max(healed)
	}
	row := benchmark.Crash.Row(fmt.Sprint(kills), fmt.Sprint(len(kinds)), fmt.Sprint(seed), fmt.Sprint(under), fmt.Sprint(residual),
		fmt.Sprintf("%.2f s", healed.Median()), fmt.Sprintf("%.2f s", longest))
	if err := benchmark.Crash.Print(os.Stdout, row); err != nil {
		b.Fatal(err)
	}
}

// lengths runs each kind once to its end and tells how long that takes; kinds
// that cannot be injected here are left out.
func (s *crashSite) lengths(b *testing.B) map[string]time.Duration {
	b.Helper()
	lengths := map[string]time.Duration{}
	for _, kind := range fault.Catalogue() {
		if cell, in := crashCells()[kind.Action]; !in || cell.platform {
			continue // another site's
		}
		if *crashKinds != "" && !slices.Contains(strings.Split(*crashKinds, ","), kind.Action) {
			continue
		}
		end, err := s.run(b.Context(), s.crash(kind), nil)
		switch {
		case err != nil:
			b.Fatal(err)
		case end.code == exitCannot:
			b.Logf("%s cannot be injected here: %s", kind.Action, strings.TrimSpace(end.said))
		case end.code != exitPass:
			b.Fatalf("%s: exit code %d:\n%s", kind.Action, end.code, end.said)
		default:
			lengths[kind.Action] = end.took
		}
	}
	if len(lengths) == 0 {
		b.Fatal("no kind of fault can be injected here")
	}
	return lengths
}

// open reports whether a run that is dead has left a fault in its journal. The
// watchdog may have been quicker: then its log says so.
func open(t testing.TB, c crash) bool {
	t.Helper()
	dir, err := stateDir()
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := journal.Look(filepath.Join(dir, c.Run+journal.Suffix))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, c.Run+".log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return len(s.Open) > 0 || strings.Contains(string(text), "undid ")
}
