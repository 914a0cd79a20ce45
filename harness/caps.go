package harness

import (
	"errors"
	"fmt"
	"strings"
)

// Caps bound how many replicas of one component may be hit at once, over all
// faults that overlap in time. The zero value bounds nothing; that a
// component's last replica is left alone unless the mode is all holds besides.
type Caps struct {
	// Targets is the largest number of replicas; 0 for no bound.
	Targets int `json:"targets,omitempty"`
	// Share is the largest share of the component in (0,1], rounded down to
	// whole replicas but at least one; 0 for no bound.
	Share float64 `json:"share,omitempty"`
	// Strict caps hold for mode all too; others give way to a scenario that
	// says that it is about all of them.
	Strict bool `json:"strict,omitempty"`
}

// DefaultCaps is what an attached stack is held to: half of a component.
func DefaultCaps() Caps { return Caps{Share: .5} }

// Validate says what is wrong with c.
func (c Caps) Validate() error {
	var problems []error
	if c.Targets < 0 {
		problems = append(problems, fmt.Errorf("most targets of one component: want 1 or more, or 0 for no bound, saw %d", c.Targets))
	}
	if !(c.Share >= 0 && c.Share <= 1) {
		problems = append(problems, fmt.Errorf("largest share of one component: want more than 0%% and at most 100%%, saw %s", exactPercent(c.Share)))
	}
	return errors.Join(problems...)
}

// most is how many of a component's size replicas may be hit at once; all says
// that the fault's mode is all. false when nothing bounds that.
func (c Caps) most(size int, all bool) (limit int, bounded bool) {
	if all && !c.Strict {
		return size, false
	}
	limit = size
	if c.Share > 0 {
		// A share that was meant as a whole number of replicas may lie a
		// rounding error below it.
		limit, bounded = max(1, int(float64(size)*c.Share+1e-9)), true
	}
	if c.Targets > 0 {
		limit, bounded = min(limit, c.Targets), true
	}
	return limit, bounded
}

// String is what the caps say, for people; empty when they bound nothing.
func (c Caps) String() string {
	var parts []string
	if c.Targets > 0 {
		parts = append(parts, "at most "+plural(c.Targets, "replica")+" of a component")
	}
	if c.Share > 0 {
		parts = append(parts, "at most "+exactPercent(c.Share)+" of a component")
	}
	return strings.Join(parts, ", ")
}
