package harness

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// healthPatience is how long replicas may take to say how they are, all at the
// same time, before one more of them is broken.
const healthPatience = time.Second

// admit returns nil when a planned fault may be injected now. What the plan
// allows may not be so any more: a replica that is down by itself counts as
// one that was hit. A refusal is in the record and wraps errAbort.
func (t *trial) admit(ctx context.Context, index int) error {
	if err := t.checkLevers(ctx); err != nil {
		return err
	}
	planned := t.plan.Injections[index]
	if Targetless(planned.Action) {
		return nil
	}
	var targets []Target
	for _, r := range t.rig.Replicas {
		if slices.Contains(planned.Targets, r.Name) {
			targets = append(targets, r.Target)
		}
	}
	for _, component := range componentsOf(targets) {
		if refusal := t.tooMuch(ctx, index, component); refusal != "" {
			if err := context.Cause(ctx); err != nil {
				return err
			}
			t.rec.problem(BlastRadius, "%s was not injected: %s", t.rig.Faults[index], refusal)
			return fmt.Errorf("%w: %s was not injected: %s", errAbort, t.rig.Faults[index], refusal)
		}
	}
	return nil
}

// tooMuch says why a planned fault would take too much of a component as it is
// now; "" when it would not.
func (t *trial) tooMuch(ctx context.Context, index int, component string) string {
	planned := t.plan.Injections[index]
	all := t.plan.modeOf(index) == All
	gone := t.gone(ctx, component)
	size, hit, fresh := 0, 0, 0
	var reasons []string
	for _, r := range t.rig.Replicas {
		if r.Component != component {
			continue
		}
		size++
		target := slices.Contains(planned.Targets, r.Name)
		why, down := gone[r.Name]
		switch {
		case down:
			hit++
			reasons = append(reasons, r.Name+" "+why)
		case target:
			hit++
			fresh++
		}
	}
	limit, bounded := t.plan.Caps.most(size, all)
	switch {
	case fresh == 0: // it takes nothing that is not gone already
		return ""
	case !all && hit >= size:
		return fmt.Sprintf("it would take the last healthy replica of %q%s", component, listOfReasons(reasons))
	case bounded && hit > limit:
		return fmt.Sprintf("%d of %d replicas of %q would be gone at once, want at most %d (%s)%s",
			hit, size, component, limit, t.plan.Caps, listOfReasons(reasons))
	}
	return ""
}

// listOfReasons is ": web-1 …; web-2 …", or empty.
func listOfReasons(reasons []string) string { return because(strings.Join(reasons, "; ")) }

// gone says why replicas of a component do not serve now: they are under a
// fault, or not ready.
func (t *trial) gone(ctx context.Context, component string) map[string]string {
	ctx, cancel := context.WithTimeoutCause(ctx, healthPatience, fmt.Errorf("no answer within %s", healthPatience))
	defer cancel()
	gone := map[string]string{}
	for _, a := range t.active {
		for _, name := range a.Targets {
			gone[name] = "is under " + a.Action
		}
	}
	answers := make([]error, len(t.rig.Replicas))
	var wg sync.WaitGroup
	for i, r := range t.rig.Replicas {
		if r.Component == component && gone[r.Name] == "" && r.Ready != nil {
			wg.Go(func() { answers[i] = r.Ready(ctx) })
		}
	}
	wg.Wait()
	for i, err := range answers {
		if err != nil {
			gone[t.rig.Replicas[i].Name] = fmt.Sprintf("is not ready: %v", err)
		}
	}
	return gone
}
