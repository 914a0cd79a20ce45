package main

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// dryRun prints what a run with these plans would do: the time line, the exact
// targets, how each fault works, how its effect is proved and how it is
// undone, and on which stack. It starts and writes nothing.
func (a *app) dryRun(plans []harness.Plan, f runFlags, choice stackChoice) error {
	if f.json {
		return a.result(struct {
			DryRun bool           `json:"dryRun"`
			Seed   uint64         `json:"seed"`
			Stack  string         `json:"stack"` // empty: nothing would be started
			Plans  []harness.Plan `json:"plans"`
		}{true, f.seed, choice.kind, plans})
	}
	a.printf("Dry run: nothing is started, nothing is broken, nothing is written.\nSeed %d, %s.\n", f.seed, plannedTime(plans))
	for _, line := range wrapText(choice.planned(), 78) {
		a.printf("%s\n", line)
	}
	scenario := ""
	for _, plan := range plans {
		if s := plan.Scenario; s.Name != scenario {
			scenario = s.Name
			a.printf("\n%s: %s\n", s.Name, s.Hypothesis)
			a.printf("  load      %s\n", loadText(s.Load))
			a.printf("  stages    %s\n", stagesText(s.Stages))
			for _, line := range limitTexts(s) {
				a.printf("  limit     %s\n", line)
			}
			if len(s.Faults) > 0 {
				a.printf("  safety    %s\n", safetyText(s))
			}
		}
		a.dryTrial(plan)
	}
	a.printf("\nRun it: %s\n", f.command())
	return nil
}

// dryTrial prints one trial's injections.
func (a *app) dryTrial(plan harness.Plan) {
	a.printf("  trial %d\n", plan.Trial)
	if len(plan.Injections) == 0 {
		a.printf("    nothing is injected: the undisturbed stack is judged\n")
	}
	for _, inj := range plan.Injections {
		from := plan.Scenario.Stages.Steady + plan.Scenario.Stages.Baseline + inj.At
		a.printf("    at %s for %s: %s%s\n", clock(from), clock(inj.Duration), inj.Action, paramsText(inj.Params))
		targets := "none"
		if len(inj.Targets) > 0 {
			targets = strings.Join(inj.Targets, ", ")
		}
		a.printf("      targets   %s\n", targets)
		if kind, ok := fault.Lookup(inj.Action); ok {
			a.printHow(kind, "      ")
		}
	}
}

// command is the command line that does what the dry run describes.
func (f runFlags) command() string {
	words := append([]string{"fournines run"}, f.names...)
	if f.suite != "" {
		words = append(words, "--suite "+f.suite)
	}
	if f.stack != stackAuto {
		words = append(words, "--stack "+f.stack)
	}
	words = append(words, f.stopping()...)
	if f.trials > 0 {
		words = append(words, fmt.Sprintf("--trials %d", f.trials))
	}
	if f.judged > 0 {
		words = append(words, "--for "+f.judged.String())
	}
	return strings.Join(append(words, fmt.Sprintf("--seed %d", f.seed)), " ")
}
