package main

import (
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// servable leaves out of a suite what the stack has no targets for, and says
// so: such a scenario is skipped, which is no pass. A scenario that was asked
// for by its name stays, and is refused with the reason later.
func (a *app) servable(all []chosen, f runFlags, targets []harness.Target) ([]chosen, error) {
	if f.suite == "" {
		return all, nil
	}
	var left []chosen
	var reasons []error
	for _, c := range all {
		_, err := harness.Resolve(c.Scenario, f.seed, 1, targets, harness.WithOverlap(fault.Overlap))
		if _, untargeted := errors.AsType[*harness.FaultError](err); untargeted {
			fmt.Fprintf(a.err, "fournines: skipped, and not passed: %v\n", err)
			reasons = append(reasons, err)
			continue
		}
		left = append(left, c)
	}
	if len(left) == 0 && len(reasons) > 0 {
		return nil, usage(fmt.Errorf("suite %q: this stack has targets for none of its scenarios: %w", f.suite, errors.Join(reasons...)))
	}
	return left, nil
}
