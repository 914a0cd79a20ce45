package controller

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// keepNumber places replicas of a movable component that are missing and
// removes those that are too many. Replicas that end again and again still
// count: another one would do no better. Those of a lost node do not.
func (d *Decider) keepNumber(now time.Time, w Want, v View, lost []string) (actions []Action) {
	var all, here []Replica
	for _, r := range v.Replicas {
		if r.Component != w.Component || d.doing[r.Name].Verb == Remove {
			continue
		}
		all = append(all, r)
		if !slices.Contains(lost, r.Node) {
			here = append(here, r)
		}
	}
	placed := slices.DeleteFunc(slices.Clone(v.Replicas), func(r Replica) bool { return slices.Contains(lost, r.Node) })
	for _, a := range d.doing { // it is not seen yet
		if a.Verb != Place || slices.ContainsFunc(v.Replicas, func(r Replica) bool { return r.Name == a.Replica }) {
			continue
		}
		r := Replica{Name: a.Replica, Component: a.Component, Node: a.Node}
		placed = append(placed, r)
		if a.Component == w.Component {
			here = append(here, r)
		}
	}
	want := d.desired(now, w, v, here)
	nodes := nodesOf(v, lost)
	orphans := d.orphans(all, lost)
	for n := len(here); n < want && len(nodes) > 0; n++ {
		a := Action{Verb: Place, Component: w.Component, Node: bestNode(w.Component, nodes, placed), Why: fmt.Sprintf("%d of %d replicas are left", n, want)}
		a.Replica = freeName(w, func(name string) bool {
			_, under := d.doing[name]
			return under || slices.ContainsFunc(placed, func(r Replica) bool { return r.Name == name }) ||
				slices.ContainsFunc(all, func(r Replica) bool { return r.Name == name })
		})
		if len(orphans) > 0 {
			a.Instead, orphans = orphans[0], orphans[1:]
			a.Why = fmt.Sprintf("in place of %s, whose node is lost", a.Instead)
		}
		d.instead[a.Replica] = a.Instead
		placed = append(placed, Replica{Name: a.Replica, Component: w.Component, Node: a.Node})
		act, _ := d.act(now, a)
		actions = append(actions, act)
	}
	return append(actions, d.removeSurplus(now, v, here, want)...)
}

// orphans are the replicas of lost nodes that nobody stands in for yet.
func (d *Decider) orphans(all []Replica, lost []string) (names []string) {
	for _, r := range all {
		stoodIn := false
		for _, name := range d.instead {
			stoodIn = stoodIn || name == r.Name
		}
		if slices.Contains(lost, r.Node) && !stoodIn {
			names = append(names, r.Name)
		}
	}
	return names
}

// removeSurplus removes the replicas that were placed last, and none of those
// that the component was brought up with. Nothing is removed before enough of
// the others are ready.
func (d *Decider) removeSurplus(now time.Time, v View, here []Replica, want int) (actions []Action) {
	ready := 0
	for _, r := range here {
		if v.Pulses[r.Name].Ready && r.State == Running {
			ready++
		}
	}
	surplus := slices.SortedFunc(slices.Values(here), func(a, b Replica) int { return cmp.Compare(number(b.Name), number(a.Name)) })
	for _, r := range surplus {
		_, under := d.doing[r.Name]
		if len(here) <= want || under || number(r.Name) <= d.base(r.Component) {
			break
		}
		if v.Pulses[r.Name].Ready && r.State == Running {
			if ready <= want {
				break
			}
			ready--
		}
		why := fmt.Sprintf("%d are wanted", want)
		act, _ := d.act(now, Action{Verb: Remove, Replica: r.Name, Component: r.Component, Node: r.Node, Why: why})
		actions = append(actions, act)
		here = here[1:]
	}
	return actions
}

// base is how many replicas a component was brought up with.
func (d *Decider) base(component string) int {
	for _, w := range d.wants {
		if w.Component == component {
			return w.Replicas
		}
	}
	return 0
}

// substitutes tells of placed replicas that have become ready.
func (d *Decider) substitutes(now time.Time, v View) {
	for name, lost := range d.instead {
		if lost != "" && v.Pulses[name].Ready && d.doing[name].Verb == "" {
			d.instead[name] = ""
			d.tell(now, ReplacedKind, lost, name+" is ready in its place")
		}
	}
}
