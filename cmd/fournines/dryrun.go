package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// dryRun prints what a run with these plans would do: the time line, the exact
// targets, how each fault works, how its effect is proved and how it is
// undone, what the caps leave over, and on which stack. It starts and writes
// nothing, and looks at a stack that is up without touching it.
func (a *app) dryRun(ctx context.Context, plans []harness.Plan, f runFlags, choice stackChoice) error {
	dry := preview(ctx, plans, f, choice)
	if f.json {
		return a.result(dry)
	}
	a.printf("Dry run: nothing is started, nothing is broken, nothing is written.\nSeed %d, %s.\n", f.seed, plannedTime(plans))
	for _, line := range wrapText(choice.planned(), 78) {
		a.printf("%s\n", line)
	}
	for _, lever := range dry.Levers {
		a.printf("Safety lever: %s.\n", lever)
	}
	scenario := ""
	for i, plan := range plans {
		if s := plan.Scenario; s.Name != scenario {
			scenario = s.Name
			a.printf("\n%s: %s\n", s.Name, s.Hypothesis)
			if wanted := stackText(s); wanted != "" {
				a.printf("  stack     %s\n", wanted)
			}
			a.printf("  load      %s\n", loadText(s.Load))
			a.printf("  stages    %s\n", stagesText(s.Stages))
			for _, line := range limitTexts(s) {
				a.printf("  limit     %s\n", line)
			}
			if len(s.Faults) > 0 {
				a.printf("  safety    %s\n", safetyText(s))
			}
		}
		a.dryTrial(plan, dry.trial(i))
	}
	if len(dry.Refusals) > 0 {
		a.printf("\nA run would be refused, and nothing touched:\n")
		for _, why := range dry.Refusals {
			a.printf("  %s\n", strings.Join(wrapText(why, 76), "\n    "))
		}
	}
	if len(dry.Skipped) > 0 {
		a.printf("\nSKIPPED in a run, because that would test nothing here:\n")
		for _, what := range dry.Skipped {
			a.printf("  %s\n", strings.Join(wrapText(what, 76), "\n    "))
		}
	}
	a.printf("\nRun it: %s\n", f.command())
	return nil
}

// dryTrial prints one trial's injections.
func (a *app) dryTrial(plan harness.Plan, aims []aim) {
	a.printf("  trial %d\n", plan.Trial)
	if len(plan.Injections) == 0 {
		a.printf("    nothing is injected: the undisturbed stack is judged\n")
	}
	for i, inj := range plan.Injections {
		from := plan.Scenario.Stages.Steady + plan.Scenario.Stages.Baseline + inj.At
		a.printf("    at %s for %s: %s%s\n", clock(from), clock(inj.Duration), inj.Action, paramsText(inj.Params))
		a.printColumn("targets", targetsText(inj, aims[i]))
		if kind, ok := fault.Lookup(inj.Action); ok {
			a.printHow(kind, dryMargin)
		}
		a.printUndo(aims[i])
		for _, left := range aims[i].Leaves {
			a.printColumn("leaves", leftText(left, plan.Caps))
		}
	}
}

const dryMargin = "      "

// printColumn prints a text beside its name, over several lines.
func (a *app) printColumn(name, text string) {
	for _, line := range wrapText(text, 78-len(dryMargin)-10) {
		a.printf("%s%-10s%s\n", dryMargin, name, line)
		name = ""
	}
}

// printUndo prints the recipe that the journal would hold.
func (a *app) printUndo(t aim) {
	switch {
	case t.Unsupported:
		a.printColumn("skipped", t.Problem)
	case t.Problem != "":
		a.printColumn("undo now", "not known: "+t.Problem)
	case t.Undo != nil && t.Undo.Summary != "":
		a.printColumn("undo now", t.Undo.Summary)
		if t.Undo.Command != "" { // to be copied: never broken over lines
			a.printf("%s%-10s%s\n", dryMargin, "by hand", t.Undo.Command)
		}
	}
}

// targetsText names what an injection hits, with its container where there is
// one already.
func targetsText(inj harness.PlannedInjection, t aim) string {
	named := make([]string, len(inj.Targets))
	for i, name := range inj.Targets {
		named[i] = name
		for _, c := range t.Containers {
			if c.Replica == name {
				named[i] = fmt.Sprintf("%s (container %s, %s)", name, c.Container, shortID(c.ID))
			}
		}
	}
	switch {
	case len(inj.Open) > 0:
		return "one of " + strings.Join(inj.Open, ", ") + ", who is asked right before the trial"
	case len(named) == 0:
		return "none"
	}
	return strings.Join(named, ", ")
}

// leftText is `2 of 3 web; at most 1 may be hit (at most 50 % of a component)`.
func leftText(l harness.Left, caps harness.Caps) string {
	text := fmt.Sprintf("%d of %d %s", l.Replicas-l.Hit, l.Replicas, l.Component)
	if said := caps.String(); said != "" {
		text += fmt.Sprintf("; at most %d may be hit at once (%s)", l.Limit, said)
	}
	return text
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
	words = append(words, f.platformFlags.words()...)
	words = append(words, f.radius()...)
	words = append(words, f.stopping()...)
	if f.trials > 0 {
		words = append(words, fmt.Sprintf("--trials %d", f.trials))
	}
	if f.judged > 0 {
		words = append(words, "--for "+f.judged.String())
	}
	if f.rate > 0 {
		words = append(words, fmt.Sprintf("--rate %g", f.rate))
	}
	return strings.Join(append(words, fmt.Sprintf("--seed %d", f.seed)), " ")
}
