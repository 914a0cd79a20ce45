package stack

import (
	"fmt"
	"slices"
	"time"
)

// leastDrill and mostDrill bound Choices.Drill: a restore takes some seconds,
// and the next waits for it.
const leastDrill, mostDrill = 5 * time.Second, 24 * time.Hour

// RestoreVerify is the feature that the backup tries by itself whether it can be
// restored.
const RestoreVerify = "restore-verify"

// checkDrill returns what is wrong with how often a restore is tried.
func (c Choices) checkDrill() (problems []error) {
	if c.Drill == 0 {
		return nil
	}
	if c.Drill < leastDrill || c.Drill > mostDrill {
		problems = append(problems, fmt.Errorf("drill %s: want %s to %s, or 0s for what the backup does by itself", c.Drill, leastDrill, mostDrill))
	}
	switch {
	case !c.Has(Backup):
		problems = append(problems, fmt.Errorf("drill %s: want a platform with its backup, which is what is restored, saw one without it: leave out either the drill or --without %s", c.Drill, Backup))
	case !slices.ContainsFunc(c.Parts(), func(p Part) bool { return p.Component == Backup }):
		problems = append(problems, fmt.Errorf("drill %s: want %s among the components, which is what is restored, saw %v: add it, or leave out the drill", c.Drill, Backup, c.Components))
	}
	return problems
}

// drillTexts says how often a restore is tried, where that was chosen and is
// done.
func (c Choices) drillTexts() []string {
	if c.Drill == 0 || !c.Has(RestoreVerify) {
		return nil
	}
	return []string{fmt.Sprintf("a restore tried every %s", c.Drill)}
}
