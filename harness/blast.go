package harness

import (
	"fmt"
	"slices"
)

// free is matched without the replicas that another fault holds at the same
// time.
func (r *resolver) free(f FaultSpec, p PlannedInjection, matched []Target) ([]Target, error) {
	if f.Action == NoopAction {
		return matched, nil
	}
	busy := r.busy(p)
	free := slices.DeleteFunc(slices.Clone(matched), func(t Target) bool { return busy[t.Name] != "" })
	if len(free) == len(matched) {
		return matched, nil
	}
	if len(free) == 0 || Mode(f.Target.Mode) == All {
		held := slices.DeleteFunc(slices.Clone(matched), func(t Target) bool { return busy[t.Name] == "" })
		return nil, fmt.Errorf("%s would still be under %s: two faults must not be in effect on one replica at the same time", names(held), busy[held[0].Name])
	}
	return free, nil
}

// keepOne refuses to take the last replica of a component unless the mode
// says so.
func (r *resolver) keepOne(f FaultSpec, p PlannedInjection, free, chosen []Target) error {
	if f.Action == NoopAction || Mode(f.Target.Mode) == All {
		return nil
	}
	most := len(chosen)
	if Mode(f.Target.Mode) == RandomMaxPercent {
		most = f.Target.most(len(free)) // whatever the seed draws
	}
	busy := r.busy(p)
	for _, t := range free {
		left, could := 0, 0
		for _, other := range r.all {
			if other.Component != t.Component || busy[other.Name] != "" {
				continue
			}
			left++
			if slices.Contains(free, other) {
				could++
			}
		}
		if min(most, could) >= left {
			return fmt.Errorf("mode %s could take the last replica of %q (%d left, up to %d hit); use mode all when that is what the scenario is about", f.Target.Mode, t.Component, left, min(most, could))
		}
	}
	return nil
}

// busy maps the replicas that are under a fault at some time of p to that
// fault's action.
func (r *resolver) busy(p PlannedInjection) map[string]string {
	busy := map[string]string{}
	for _, q := range r.planned {
		if q.Action == NoopAction || q.At >= p.At+p.Duration || p.At >= q.At+q.Duration {
			continue
		}
		for _, name := range q.Targets {
			busy[name] = q.Action
		}
	}
	return busy
}
