package scenarios_test

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

var (
	benchNames = flag.String("names", "catalog-replica-kill,orders-replica-kill,gateway-kill,node-loss,registry-leader-kill,registry-quorum-loss,"+
		"config-centre-outage,bad-config-rollout,database-kill,data-loss,backup-outage,edge-reload,cert-rotate,prometheus-kill,"+
		"edge-retry-storm,overload-spike,autoscale-cpu", "scenarios of BenchmarkScenarios, with commas")
	benchTrials   = flag.Int("trials", 5, "how many trials of each that are evidence")
	benchRate     = flag.Float64("rate", 0, "requests/s at most; 0 is the scenario's own rate")
	benchWithout  = flag.String("without", "", "features that are taken away, with commas")
	benchEdge     = flag.String("edge", "", "the edge, haproxy or nginx; empty is the usual one")
	benchRegistry = flag.String("registry", "", "the registry, etcd or zookeeper; empty is the usual one")
)

// spareTrials is how many trials that are no evidence, because this machine was
// too busy, a scenario may have beside those that are.
const spareTrials = 3

// BenchmarkScenarios is what the scenarios of the catalogue cost on the whole
// platform: requests, downtime, the four phases of the recovery, writes. Each
// trial is logged, and each scenario has a platform of its own.
func BenchmarkScenarios(b *testing.B) {
	dockertest.Require(b)
	for name := range strings.SplitSeq(*benchNames, ",") {
		b.Run(name, func(b *testing.B) {
			s := find(b, name)
			if *benchRate > 0 {
				s.Load.Rate = min(s.Load.Rate, *benchRate)
			}
			st := upFor(b, s, withoutFlag())
			b.Cleanup(func() { down(b, st) })
			for b.Loop() {
				trials := conductAll(b, s, st, *benchTrials)
				b.ReportMetric(0, "ns/op") // left out: the length of a trial is planned
				if len(trials) == 0 {
					b.Skip("no trial was evidence: there is no row")
				}
				if err := benchmark.Scenarios.Print(os.Stdout, summary(s, trials)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// withoutFlag are the features of -without.
func withoutFlag() []string {
	return strings.FieldsFunc(*benchWithout, func(r rune) bool { return r == ',' })
}

// upFor brings up the platform that the scenario wants, built as the flags say,
// without some features.
func upFor(b *testing.B, s harness.Scenario, without []string) stack.Stack {
	b.Helper()
	chosen := stack.Choices{Edge: *benchEdge, Registry: *benchRegistry, Without: without}
	built, err := rig.Platform(s, chosen)
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	st, err := docker.Up(b.Context(), docker.Options{RunID: "bench-" + rand.Text()[:10], Choices: built, Progress: func(stack.Step) {}})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%s: ready after %v", s.Name, time.Since(began).Round(100*time.Millisecond))
	return st
}

// conductAll runs trials until as many as wanted are evidence, or too many were
// none.
func conductAll(b *testing.B, s harness.Scenario, st stack.Stack, wanted int) (trials []harness.Evidence) {
	b.Helper()
	for trial := 1; len(trials) < wanted && trial <= wanted+spareTrials; trial++ {
		ev := gather(b, s, st, trial)
		v := harness.Judge(s, []harness.Evidence{ev}, nil)
		b.Logf("%s, trial %d: %s: %s", s.Name, trial, v.Outcome, v.Sentence)
		for _, f := range v.Findings {
			if f.Outcome != harness.Pass {
				b.Logf("  %s: %s", f.Outcome, f.Reason)
			}
		}
		if v.Outcome != harness.Invalid {
			trials = append(trials, ev)
		}
	}
	return trials
}

// summary is the row of one scenario.
func summary(s harness.Scenario, trials []harness.Evidence) string {
	var failed, downtime, restored, acknowledged, lost, rpo benchmark.Runs
	phases := map[string]benchmark.Runs{}
	scheduled := 0
	for _, ev := range trials {
		m := harness.Measure(ev)
		failed, scheduled = append(failed, float64(m.Bad)), scheduled+m.Scheduled
		downtime = append(downtime, milliseconds(m.OutageDowntime.Total))
		for _, p := range m.Recovery.Phases {
			if p.State == harness.Seen {
				phases[p.Name] = append(phases[p.Name], milliseconds(p.Length))
			}
		}
		if r := m.Recovery; r.Impact.State == harness.Seen && r.Restored.State == harness.Seen {
			restored = append(restored, milliseconds(r.Restored.Hi-r.Effective.Hi))
		}
		if m.Writes != nil {
			acknowledged, lost = append(acknowledged, float64(m.Writes.Acknowledged)), append(lost, float64(m.Writes.Lost))
			rpo = append(rpo, milliseconds(m.Writes.RPO))
		}
	}
	outcome := harness.Judge(s, trials, nil).Outcome.String()
	phase := func(name string) string { return ofTrials(phases[name], len(trials)) }
	return benchmark.Scenarios.Row(built(s), fmt.Sprintf("%.0f/s", s.Load.Rate), fmt.Sprint(len(trials)), outcome,
		failed.Text("%.0f", "of")+fmt.Sprintf(" %d", scheduled/max(1, len(trials))), downtime.Text("%.0f", "ms"),
		phase(harness.DetectionPhase), phase(harness.DiagnosisPhase), phase(harness.RepairPhase), phase(harness.DataPhase),
		ofTrials(restored, len(trials)), acknowledged.Text("%.0f", ""), lost.Text("%.0f", ""), rpo.Text("%.0f", "ms"))
}

// ofTrials says in how many trials it was seen where that is not all.
func ofTrials(seen benchmark.Runs, trials int) string {
	text := seen.Text("%.0f", "ms")
	if len(seen) > 0 && len(seen) < trials {
		text += fmt.Sprintf(" (%d of %d)", len(seen), trials)
	}
	return text
}

// built is the scenario's name with what is not usual of its platform.
func built(s harness.Scenario) string {
	name := "`" + s.Name + "`"
	for _, option := range [][2]string{{"edge", *benchEdge}, {"registry", *benchRegistry}, {"without", *benchWithout}} {
		if option[1] != "" {
			name += fmt.Sprintf(" `--%s %s`", option[0], option[1])
		}
	}
	return name
}
