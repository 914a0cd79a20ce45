package main

import (
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack"
)

// suited decides how the platform is built for scenarios that run on one, where
// choices are what was chosen besides. Of a suite those that want another one
// than most others, which take it as it is, are left out, and that is said; a
// scenario that was asked for by its name has to fit.
func (a *app) suited(all []chosen, suite string, c stackChoice, choices stack.Choices) ([]chosen, stack.Choices, error) {
	var left []chosen
	built, first := choices, ""
	var problems []error
	for _, s := range pickyLast(all) {
		wanted, err := c.platformFor(s.Scenario, choices)
		if err == nil && first != "" && wanted.String() != built.String() {
			err = fmt.Errorf("scenario %q wants another platform than %q (%s): run it by itself, with `fournines run %s`", s.Name, first, wanted, s.Name)
		}
		switch {
		case err == nil:
			built, first = wanted, s.Name
		case suite == "":
			problems = append(problems, err)
		default:
			fmt.Fprintf(a.err, "fournines: skipped, and not passed: %v\n", err)
			problems = append(problems, err)
			continue
		}
		left = append(left, s)
	}
	if len(problems) > 0 && (suite == "" || len(left) == 0) {
		return nil, choices, usage(errors.Join(problems...))
	}
	return left, built, nil
}

// pickyLast are the scenarios that take the platform as it is, and then the
// others, each in their order.
func pickyLast(all []chosen) []chosen {
	var easy, picky []chosen
	for _, s := range all {
		if s.Stack == nil {
			easy = append(easy, s)
		} else {
			picky = append(picky, s)
		}
	}
	return append(easy, picky...)
}

// platformFor is how the platform is built for one scenario, or why it cannot
// be had like that here.
func (c stackChoice) platformFor(s harness.Scenario, choices stack.Choices) (stack.Choices, error) {
	wanted, err := rig.Platform(s, choices)
	switch {
	case err != nil || s.Stack == nil:
		return wanted, err
	case c.attached != nil:
		there := c.attached.stack.Choices()
		if wanted, err = rig.Platform(s, there); err == nil && wanted.String() != there.String() {
			err = fmt.Errorf("scenario %q wants a platform with %s, and %s was not started like that: let `fournines run` start one", s.Name, wanted, c.attached)
		}
		return choices, err
	case c.kind == stackInproc:
		return choices, fmt.Errorf("scenario %q wants a platform in containers, with %s", s.Name, wanted)
	}
	return wanted, nil
}

// stackText says how a scenario wants the platform to be built; empty when it
// does not mind.
func stackText(s harness.Scenario) string {
	wanted, err := rig.Platform(s, stack.Choices{})
	if err != nil {
		return "none that can be built: " + err.Error()
	}
	return wanted.String()
}
