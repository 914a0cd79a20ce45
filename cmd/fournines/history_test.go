package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/slo"
	"github.com/fournines/fournines/reports"
)

// undisturbed is a scenario without faults.
func undisturbed() harness.Scenario {
	return harness.Scenario{
		Name: "calm", Hypothesis: "nothing fails by itself",
		Load:   harness.LoadSpec{Rate: 100, Mix: "browse", Timeout: time.Second},
		Stages: harness.Stages{Steady: time.Second, Baseline: 9 * time.Second},
		SLO:    harness.SLO{Availability: .99},
	}
}

// recorded is a sound trial of s on this build, without a failure.
func recorded(s harness.Scenario, runID string) harness.Evidence {
	ev := harness.Evidence{Header: headerNow(s), End: harness.End{Reason: harness.Completed, At: s.Stages.Total()}}
	ev.RunID, ev.Plan.Trial = runID, 1
	ev.Stages = []harness.StageRecord{
		{Stage: harness.Steady, Window: harness.Window{To: s.Stages.Steady}},
		{Stage: harness.Baseline, Window: harness.Window{From: s.Stages.Steady, To: s.Stages.Total()}},
	}
	var lag slo.Histogram
	lag.Record(time.Millisecond)
	for at := time.Duration(0); at < s.Stages.Total(); at += time.Second {
		second := harness.Second{At: at, Lag: lag, Latency: lag}
		for i := range second.Ticks {
			second.Ticks[i].Scheduled = int(s.Load.Rate) / harness.TicksPerSecond
		}
		ev.Seconds = append(ev.Seconds, second)
	}
	return ev
}

func headerNow(s harness.Scenario) harness.Header {
	return harness.Header{
		Schema: harness.EvidenceSchema, Plan: harness.Plan{Schema: harness.PlanSchema, Scenario: s},
		Tool: runTool(), Environment: fingerprint(stackInproc),
		Stack: harness.StackInfo{Kind: stackInproc, Versions: map[string]string{"platform": "this build"}},
	}
}

// save writes the run directory of ev below root, with a plan for every trial.
func save(t *testing.T, root string, trials int, ev harness.Evidence) {
	t.Helper()
	dir, err := reports.Create(root, ev.RunID)
	if err != nil {
		t.Fatal(err)
	}
	var plans []harness.Plan
	for n := range trials {
		plan := ev.Plan
		plan.Trial = n + 1
		plans = append(plans, plan)
	}
	if err := dir.WritePlans(plans); err != nil {
		t.Fatal(err)
	}
	sink := dir.Evidence()
	if err := harness.WriteEvidence(sink, ev); err != nil {
		t.Fatal(err)
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestHistoryCarriesRunsOfThisBuildAndSaysWhatItLeavesOut(t *testing.T) {
	root := t.TempDir()
	s := undisturbed()
	save(t, root, 1, recorded(s, "r1"))
	save(t, root, 1, recorded(s, "r2"))
	save(t, root, 2, recorded(s, "r3-killed-between-two-trials"))
	for i, change := range []func(*harness.Evidence){
		func(ev *harness.Evidence) { ev.Tool.Build = "sha256:other" },
		func(ev *harness.Evidence) { ev.Stack.Versions = map[string]string{"platform": "another build"} },
		func(ev *harness.Evidence) { ev.Environment = map[string]string{"cores": "1024"} },
		func(ev *harness.Evidence) { ev.End = harness.End{} },
		func(ev *harness.Evidence) { ev.Plan.Scenario.SLO.Availability = .999 },
		func(ev *harness.Evidence) { ev.Plan.Scenario.Name = "something-else" },
	} {
		ev := recorded(s, "s"+string(rune('1'+i)))
		change(&ev)
		save(t, root, 1, ev)
	}
	self := recorded(s, "self")
	save(t, root, 1, self)
	if err := os.WriteFile(filepath.Join(root, "notes.txt"), []byte("no run"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(root, "r1-copy"), os.DirFS(filepath.Join(root, "r1"))); err != nil {
		t.Fatal(err)
	}
	found, err := history{root, "self"}.carry([]harness.Header{headerNow(s)})
	if err != nil {
		t.Fatal(err)
	}
	const want = "the evidence of 2 runs of this build counts; left out: 2 runs cut short, 2 runs of another build, " +
		"1 run of another version of the scenario, 1 run on another machine or kind of stack"
	if got := found[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if c := found[0].carried; len(c) != 2 || c[0].RunID != "r1" || c[1].RunID != "r2" || c[0].Requests != 900 {
		t.Errorf("carried %+v, want r1 and r2 with 900 requests each", c)
	}
}

func TestHistoryOfAFolderThatIsNotThereIsEmpty(t *testing.T) {
	found, err := history{root: filepath.Join(t.TempDir(), "nowhere")}.carry([]harness.Header{headerNow(undisturbed())})
	if err != nil || len(found) != 1 || found[0].String() != "no earlier run of this build" {
		t.Errorf("found %v, %v; want nothing and no error", found, err)
	}
}

func TestAnUnreadableRunIsSaid(t *testing.T) {
	root := t.TempDir()
	s := undisturbed()
	save(t, root, 1, recorded(s, "r1"))
	if err := os.WriteFile(filepath.Join(root, "r1", reports.EvidenceFile), []byte("not JSON\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := history{root: root}.carry([]harness.Header{headerNow(s)})
	if err != nil || found[0].String() != "no earlier run of this build; left out: 1 run unreadable" {
		t.Errorf("found %v, %v", found, err)
	}
}

// A run that is killed leaves no evidence to its successors, however sound it
// was until then.
func TestAKilledRunContributesNothing(t *testing.T) {
	c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
	c.await("injected container-kill")
	c.signal(syscall.SIGKILL)
	c.wait()
	dir := c.runDir()
	run, err := savedEvidence(dir)
	if err != nil {
		t.Fatal(err)
	}
	now := run[0].Header
	found, err := history{root: filepath.Dir(dir.Path())}.carry([]harness.Header{now})
	if err != nil || len(found[0].carried) > 0 || found[0].left[harness.LeftCutShort] != 1 {
		t.Errorf("history of a killed run: %v, %v; want it left out", found, err)
	}
	run[0].End = harness.End{Reason: harness.Completed}
	if _, left := harness.Carry(now, run); left == harness.LeftCutShort {
		t.Error("it would be left out even if it had not been killed: this test proves nothing")
	}
}
