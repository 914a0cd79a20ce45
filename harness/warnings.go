package harness

import (
	"fmt"
	"time"
)

// Warnings are what is allowed in a scenario and yet keeps it from proving
// what its author probably wants; each is a *FieldError. None is the usual
// case. The scenario is one that validates.
func (s Scenario) Warnings() []*FieldError {
	if len(s.Faults) == 0 {
		return nil
	}
	var warnings []*FieldError
	hold := max(holdAtLeast, time.Duration(3*sliceTicks(s.Load.Rate))*TickWidth)
	if s.Stages.Recovery < hold {
		warnings = append(warnings, &FieldError{
			Field: "stages.recovery", Value: s.Stages.Recovery,
			Want: fmt.Sprintf("at least %s (for so long service has to be good to count as restored), so that recovery can be proven", formatDuration(hold)),
		})
	}
	return warnings
}
