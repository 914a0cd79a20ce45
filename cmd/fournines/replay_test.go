package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/stack"
	"github.com/google/go-cmp/cmp"
)

// planOf is a plan that hits targets once, short enough for a test.
func planOf(trial int, targets ...string) harness.Plan {
	s := harness.Scenario{
		Name: "replayed", Hypothesis: "what was planned once is done again",
		Load:   harness.LoadSpec{Rate: 20, Mix: "browse", Timeout: time.Second},
		Stages: harness.Stages{Steady: 200 * time.Millisecond, Baseline: 400 * time.Millisecond, Disruption: time.Second, Recovery: 500 * time.Millisecond},
		Faults: []harness.FaultSpec{{Action: "container-kill", Target: harness.TargetSpec{Component: "catalog", Mode: "one"}, At: 100 * time.Millisecond, Duration: 500 * time.Millisecond}},
		SLO:    harness.SLO{Availability: .9},
	}
	return harness.Plan{Schema: harness.PlanSchema, Scenario: s, Seed: 7, Trial: trial, Injections: []harness.PlannedInjection{
		{Action: "container-kill", Targets: targets, At: 100 * time.Millisecond, Duration: 500 * time.Millisecond},
	}}
}

func planFile(t *testing.T, plans ...harness.Plan) string {
	t.Helper()
	dir, err := reports.Create(t.TempDir(), "earlier")
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.WritePlans(plans); err != nil {
		t.Fatal(err)
	}
	return dir.File(reports.PlanFile)
}

// replayed runs the command and returns its exit code and what it said.
func replayed(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"replay"}, args...), strings.NewReader(""), &out, &err)
	return code, out.String() + err.String()
}

// Seed 7 draws catalog-2 or so; the plan says otherwise, and the plan counts.
func TestReplayDoesWhatThePlanSaysAndChoosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("runs load for some seconds")
	}
	var plans []harness.Plan
	for i, target := range []string{"catalog-3", "catalog-1", "catalog-2"} {
		plans = append(plans, planOf(i+1, target))
	}
	out := t.TempDir()
	code, said := replayed(t, planFile(t, plans...), "--trial", "2", "--stack", "inproc", "--out", out)
	if code == exitUsage || code == exitNotRemoved {
		t.Fatalf("exit code %d:\n%s", code, said)
	}
	runs, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("runs = %v, %v; want one", runs, err)
	}
	dir, err := reports.OpenDir(runs[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := dir.Plans()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plans[1:2], again); diff != "" {
		t.Errorf("plans (-earlier +replayed):\n%s", diff)
	}
	evidence, err := savedEvidence(dir)
	if err != nil || len(evidence) != 1 || len(evidence[0].Injections) != 1 || !slices.Equal(evidence[0].Injections[0].Targets, []string{"catalog-1"}) {
		t.Errorf("evidence = %+v, %v; want catalog-1 hit once", evidence, err)
	}
	if !strings.Contains(said, "--trial 2") || !strings.Contains(said, "fournines replay") {
		t.Errorf("said\n%s\nwant the command that replays it once more", said)
	}
}

func TestReplayRefusesWhatCannotBeDoneAgain(t *testing.T) {
	good := planFile(t, planOf(1, "catalog-1"), planOf(2, "catalog-2"))
	foreign := planOf(1, "etcd-1", "catalog-1")
	open := planOf(1)
	open.Injections[0].Open = []string{"catalog-1", "catalog-2"}
	older := planOf(1, "catalog-1")
	older.Schema = 0
	unknown := planOf(1, "catalog-1")
	unknown.Injections[0].Action = "container-teleport"
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"targets that the stack does not have, with both lists": {[]string{planFile(t, foreign)}, "the plan hits etcd-1, catalog-1; the stack has catalog-1, catalog-2, catalog-3, orders-1"},
		"a plan of another schema":                              {[]string{planFile(t, older)}, "plan 1: want schema 1, got 0: replay it with the fournines that wrote it"},
		"a trial that is not there":                             {[]string{good, "--trial", "3"}, "--trial 3: want one of the plan's trials (1, 2)"},
		"a trial below 1":                                       {[]string{good, "--trial", "0"}, "--trial 0: want the number of a trial, from 1"},
		"a trial that was never run":                            {[]string{planFile(t, open)}, "which of catalog-1, catalog-2 was meant was not asked"},
		"an action that nobody knows":                           {[]string{planFile(t, unknown)}, `unknown action "container-teleport"`},
		"no plans":                                              {[]string{planFile(t)}, "want at least one plan, saw none"},
		"a file that is not there":                              {[]string{filepath.Join(t.TempDir(), "plan.json")}, "no such file"},
		"no file":                                               {nil, "plan.json of a run"},
	} {
		t.Run(name, func(t *testing.T) {
			code, said := replayed(t, append(tt.args, "--stack", "inproc", "--out", t.TempDir())...)
			if code != exitUsage || !strings.Contains(said, tt.want) {
				t.Errorf("exit code %d:\n%s\nwant %d and %q", code, said, exitUsage, tt.want)
			}
		})
	}
}

func TestReplayRefusesAnEnvelopeOfAnotherSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.json")
	text, err := json.Marshal(map[string]any{"schema": 99, "plans": []harness.Plan{planOf(1, "catalog-1")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, said := replayed(t, path, "--stack", "inproc"); code != exitUsage || !strings.Contains(said, "want schema 1 to 1, got 99") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
}

func TestPlansOfOneScenarioAreItsTrials(t *testing.T) {
	other := planOf(1, "catalog-1")
	other.Scenario.Name = "other"
	all := chosenOf([]harness.Plan{planOf(1, "catalog-1"), planOf(2, "catalog-2"), other})
	if len(all) != 2 || all[0].trials != 2 || all[1].trials != 1 || all[1].Name != "other" {
		t.Errorf("chosen = %+v", all)
	}
}

func TestAReplayIsToldHowItsPlatformIsBuilt(t *testing.T) {
	var f runFlags
	f.choices.Edge, f.choices.Without = stack.Nginx, []string{"retries"}
	got := strings.Join(f.replayAgain("plan.json", 2, stackDocker), " ")
	if want := "fournines replay plan.json --stack docker --trial 2 --edge nginx --without retries"; got != want {
		t.Errorf("again: %s\nwant   %s", got, want)
	}
	for _, args := range [][]string{{"--edge", "ngnix"}, {"--stack", stackInproc, "--edge", "nginx"}} {
		cmd := newReplay(&app{})
		cmd.SetArgs(append([]string{"plan.json"}, args...))
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.Execute(); exitCode(err) != exitUsage {
			t.Errorf("%v: %v; want it refused before the plan is read", args, err)
		}
	}
}
