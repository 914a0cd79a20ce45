package harness

import "slices"

// Left is what a planned injection leaves of one component.
type Left struct {
	Component string `json:"component"`
	// Replicas are all there are, Hit how many are under a fault at some time of
	// the injection, others' included.
	Replicas int `json:"replicas"`
	Hit      int `json:"hit"`
	// Limit is the most that may be hit; Replicas where no cap holds.
	Limit int `json:"limit"`
}

// Leaves says, for every component that injection index hits, what is left of
// it among targets, which are all replicas of the stack. Sorted by component.
// A target that is still open counts as one.
func (p Plan) Leaves(index int, targets []Target) []Left {
	inj := p.Injections[index]
	own := append(slices.Clone(inj.Targets), inj.Open...)
	under := map[string]bool{}
	for i, q := range p.Injections {
		if Targetless(q.Action) || i != index && !q.overlaps(inj) {
			continue
		}
		for _, name := range q.Targets {
			under[name] = true
		}
		if len(q.Open) > 0 {
			under[q.Open[0]] = true
		}
	}
	var all []Left
	hit := slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return !slices.Contains(own, t.Name) })
	for _, component := range componentsOf(hit) {
		left := Left{Component: component}
		for _, t := range targets {
			if t.Component != component {
				continue
			}
			left.Replicas++
			if under[t.Name] {
				left.Hit++
			}
		}
		left.Limit, _ = p.Caps.most(left.Replicas, p.modeOf(index) == All)
		all = append(all, left)
	}
	return all
}

// modeOf is how the scenario chose the targets of an injection.
func (p Plan) modeOf(index int) Mode {
	if index >= len(p.Scenario.Faults) {
		return ""
	}
	return Mode(p.Scenario.Faults[index].Target.Mode)
}
