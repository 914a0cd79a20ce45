package scenarios_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/scenarios"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// BenchmarkReplicaKill is the median over trials of catalog-replica-kill, at
// its own rate of requests. Each trial is logged.
func BenchmarkReplicaKill(b *testing.B) {
	s := find(b, "catalog-replica-kill")
	st := up(b)
	b.Cleanup(func() { down(b, st) })
	seen := map[string]benchmark.Runs{}
	trial := 0
	for b.Loop() {
		trial++
		ev := gather(b, s, st, trial)
		m := harness.Measure(ev)
		if len(ev.Injections) == 0 {
			b.Fatalf("trial %d ended %s before anything was injected: %+v", trial, ev.End.Reason, ev.Problems)
		}
		kill := ev.Injections[0]
		if !kill.Effective || m.Generator.Shortfall > 0.01 {
			b.Fatalf("trial %d is no evidence: %+v, generator %+v", trial, kill, m.Generator)
		}
		first, ok := firstEffect(ev)
		if !ok {
			b.Fatalf("trial %d: nobody saw the kill of %v", trial, kill.Targets)
		}
		gone, ok := exit(ev)
		if !ok {
			b.Fatalf("trial %d: no observer saw the process of %v end", trial, kill.Targets)
		}
		for unit, value := range map[string]float64{
			"ms-to-gone":          milliseconds(gone - kill.InjectAt),
			"ms-to-proof":         milliseconds(kill.EffectiveAt - kill.InjectAt),
			"ms-to-first-effect":  milliseconds(first.At - kill.InjectAt),
			"bad/trial":           float64(m.Bad),
			"scheduled/trial":     float64(m.Scheduled),
			"ms-downtime-slices":  milliseconds(m.SliceDowntime.Total),
			"ms-downtime-outages": milliseconds(m.OutageDowntime.Total),
		} {
			seen[unit] = append(seen[unit], value)
		}
		b.Logf("trial %d: %v gone after %v, proved after %v, first seen by %s as %s after %v; %d of %d requests bad", trial, kill.Targets,
			gone-kill.InjectAt, kill.EffectiveAt-kill.InjectAt, first.Source, first.Kind, first.At-kill.InjectAt, m.Bad, m.Scheduled)
	}
	for unit, runs := range seen {
		b.ReportMetric(runs.Median(), unit)
	}
	b.ReportMetric(0, "ns/op") // left out: the length of a trial is planned
	text := func(unit string) string { return seen[unit].Text("%.0f", "ms") }
	row := benchmark.Kill.Row(fmt.Sprint(trial), text("ms-to-gone"), text("ms-to-first-effect"), text("ms-to-proof"),
		seen["bad/trial"].Text("%.0f", "of")+fmt.Sprintf(" %.0f", seen["scheduled/trial"].Median()), text("ms-downtime-slices"), text("ms-downtime-outages"))
	if err := benchmark.Kill.Print(os.Stdout, row); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkHarness is what fournines itself takes in a whole trial without a
// fault: load, observers, probes and evidence, but not the stack.
func BenchmarkHarness(b *testing.B) {
	st := up(b)
	b.Cleanup(func() { down(b, st) })
	s := find(b, "steady-state")
	s.Stages = harness.Stages{Steady: 5 * time.Second, Baseline: 20 * time.Second}
	for _, rate := range []float64{300, 1000} {
		b.Run(fmt.Sprintf("%.0f-per-second", rate), func(b *testing.B) {
			s := s
			s.Load.Rate = rate
			var cpu, lag, bad benchmark.Runs
			trial := 0
			for b.Loop() {
				trial++
				m := harness.Measure(gather(b, s, st, trial))
				cpu = append(cpu, 100*m.Generator.CPUShare)
				lag = append(lag, milliseconds(m.Generator.LagP99))
				bad = append(bad, float64(m.Bad))
			}
			b.ReportMetric(cpu.Median(), "%-of-one-core")
			b.ReportMetric(lag.Median(), "ms-lag-p99")
			b.ReportMetric(bad.Median(), "bad/trial")
			b.ReportMetric(0, "ns/op") // left out: the length of a trial is planned
			row := benchmark.Harness.Row(fmt.Sprintf("%.0f/s", rate), fmt.Sprint(trial), cpu.Text("%.1f", "%"), lag.Text("%.2f", "ms"))
			if err := benchmark.Harness.Print(os.Stdout, row); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// exit is when the kernel said that the main process of what was hit ended.
func exit(ev harness.Evidence) (time.Duration, bool) {
	kill := ev.Injections[0]
	i := slices.IndexFunc(ev.Signals, func(s harness.Signal) bool {
		return s.Kind == harness.Exited && s.Subject == kill.Targets[0] && s.At >= kill.InjectAt
	})
	if i < 0 {
		return 0, false
	}
	return ev.Signals[i].At, true
}

// firstEffect is the first signal after the injection about what was hit, from
// anybody but the container engine.
func firstEffect(ev harness.Evidence) (harness.Signal, bool) {
	kill := ev.Injections[0]
	var first harness.Signal
	found := false
	for _, s := range ev.Signals {
		about := s.Subject == kill.Targets[0] && s.At >= kill.InjectAt && s.Kind != harness.Died && s.Kind != harness.Exited
		if about && (!found || s.At < first.At) {
			first, found = s, true
		}
	}
	return first, found
}

// milliseconds is d as a number.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func find(b *testing.B, name string) harness.Scenario {
	b.Helper()
	s, err := scenarios.Find(name)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// up brings the platform up in containers.
func up(b *testing.B) stack.Stack {
	b.Helper()
	dockertest.Require(b)
	st, err := docker.Up(b.Context(), docker.Options{RunID: "bench-" + rand.Text()[:10], Progress: func(stack.Step) {}})
	if err != nil {
		b.Fatal(err)
	}
	return st
}

// down removes the platform; it is called from cleanups too, where the
// benchmark's own context is done.
func down(b *testing.B, st stack.Stack) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := st.Down(ctx); err != nil {
		b.Error(err)
	}
}

// gather runs one trial.
func gather(b *testing.B, s harness.Scenario, st stack.Stack, trial int) harness.Evidence {
	b.Helper()
	ev, err := rig.Trial(b.Context(), s, st, 1, trial)
	if err != nil {
		b.Fatal(err)
	}
	return ev
}
