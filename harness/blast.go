package harness

import (
	"fmt"
	"maps"
	"slices"
)

// ResolveOption changes what Resolve admits; the defaults need none.
type ResolveOption func(*resolver)

// WithOverlap lets two faults be in effect on one replica at the same time
// where overlap returns nil for their actions, the earlier of the list first;
// else its error says why they may not. Without it no two faults may.
func WithOverlap(overlap func(held, wanted string) error) ResolveOption {
	return func(r *resolver) { r.overlap = overlap }
}

// WithCaps bounds how much of a component may be hit at once. The caps become
// part of the Plan, and Run holds to them what it finds at the time.
func WithCaps(c Caps) ResolveOption { return func(r *resolver) { r.caps = c } }

// anyOverlap is the rule without WithOverlap.
func anyOverlap(held, _ string) error {
	return fmt.Errorf("it would still be under %s: two faults must not be in effect on one replica at the same time", held)
}

// free is matched without the replicas that another fault holds at the same
// time and does not share.
func (r *resolver) free(f FaultSpec, p PlannedInjection, matched []Target) ([]Target, error) {
	if Targetless(f.Action) {
		return matched, nil
	}
	held := map[string]error{}
	for name, actions := range r.busy(p) {
		for _, action := range actions {
			if err := r.overlap(action, f.Action); err != nil {
				held[name] = err
				break
			}
		}
	}
	free := slices.DeleteFunc(slices.Clone(matched), func(t Target) bool { return held[t.Name] != nil })
	if len(free) == len(matched) {
		return matched, nil
	}
	if len(free) == 0 || Mode(f.Target.Mode) == All {
		taken := slices.DeleteFunc(slices.Clone(matched), func(t Target) bool { return held[t.Name] == nil })
		return nil, fmt.Errorf("%s: %w", names(taken), held[taken[0].Name])
	}
	return free, nil
}

// bound refuses to take more of a component than the caps allow, and its last
// replica unless the mode says so, whatever the seed draws.
func (r *resolver) bound(f FaultSpec, p PlannedInjection, free, chosen []Target) error {
	if Targetless(f.Action) {
		return nil
	}
	all := Mode(f.Target.Mode) == All
	most := len(chosen)
	if Mode(f.Target.Mode) == RandomMaxPercent {
		most = f.Target.most(len(free))
	}
	busy := r.busy(p)
	for _, component := range componentsOf(free) {
		size, held, could := 0, 0, 0
		for _, t := range r.all {
			if t.Component != component {
				continue
			}
			size++
			switch {
			case busy[t.Name] != nil:
				held++
			case slices.Contains(free, t):
				could++
			}
		}
		hit := min(most, could)
		switch limit, bounded := r.caps.most(size, all); {
		case hit == 0: // all of them are under another fault already
		case !all && held+hit >= size:
			return fmt.Errorf("mode %s could take the last replica of %q (%d left, up to %d hit); use mode all when that is what the scenario is about",
				f.Target.Mode, component, size-held, hit)
		case bounded && held+hit > limit:
			return fmt.Errorf("mode %s could hit %d of %d replicas of %q at once: want at most %d (%s)",
				f.Target.Mode, held+hit, size, component, limit, r.caps)
		}
	}
	return nil
}

// busy maps the replicas that are under faults at some time of p to the
// actions of those faults.
func (r *resolver) busy(p PlannedInjection) map[string][]string {
	busy := map[string][]string{}
	for _, q := range r.planned {
		if Targetless(q.Action) || !q.overlaps(p) {
			continue
		}
		for _, name := range slices.Concat(q.Targets, q.Open) {
			busy[name] = append(busy[name], q.Action)
		}
	}
	return busy
}

// overlaps reports whether both injections are in effect at some time.
func (p PlannedInjection) overlaps(q PlannedInjection) bool {
	return p.At < q.At+q.Duration && q.At < p.At+p.Duration
}

// componentsOf are the components of targets, each once, sorted.
func componentsOf(targets []Target) []string {
	of := map[string]bool{}
	for _, t := range targets {
		of[t.Component] = true
	}
	return slices.Sorted(maps.Keys(of))
}
