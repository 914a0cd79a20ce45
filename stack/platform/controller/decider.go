package controller

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Decider decides what to do. It has no clock: every call is given the time.
// It is not safe for concurrent use.
type Decider struct {
	wants  []Want
	timing Timing
	random *rand.Rand
	tell   func(now time.Time, kind, subject, detail string)
	// scaled is told of every change of a number because of load.
	scaled func(now time.Time, x decision)

	lives map[string]*crashes
	// bad are the replicas and nodes that were noticed to be so, and why.
	bad map[string]string
	// silentNodes are when nodes went silent.
	silentNodes map[string]time.Time
	// doing are the actions that are under way, by replica.
	doing map[string]Action
	// instead are the lost replicas that placed ones stand in for.
	instead map[string]string
	scalers map[string]*scaler
	wake    time.Time
}

// NewDecider makes a decider that has seen nothing yet. seed fixes the jitter
// of delays. tell is told of every transition; see Transition.
func NewDecider(wants []Want, t Timing, seed uint64, tell func(now time.Time, kind, subject, detail string)) *Decider {
	d := &Decider{
		wants: wants, timing: t, random: rand.New(rand.NewPCG(seed, 0)), tell: tell,
		lives: map[string]*crashes{}, bad: map[string]string{}, silentNodes: map[string]time.Time{},
		doing: map[string]Action{}, instead: map[string]string{}, scalers: map[string]*scaler{},
	}
	d.scaled = func(now time.Time, x decision) { tell(now, ScaledKind, x.component, x.String()) }
	for _, w := range wants {
		if w.Scale != nil {
			d.scalers[w.Component] = &scaler{scale: *w.Scale}
		}
	}
	return d
}

// Decide returns what to do about a platform that looks like v. Each action is
// returned once; Done says what became of it. wake is when to decide again if
// nothing changes before; zero when there is no such time.
func (d *Decider) Decide(now time.Time, v View) (actions []Action, wake time.Time) {
	d.wake = time.Time{}
	lost := d.lostNodes(now, v)
	for _, r := range v.Replicas {
		if d.doing[r.Name].Verb == Remove {
			continue
		}
		if a, ok := d.heal(now, r, v.Pulses[r.Name], slices.Contains(v.NodesDown, r.Node)); ok {
			actions = append(actions, a)
		}
	}
	d.substitutes(now, v)
	for _, w := range d.wants {
		if w.Movable {
			actions = append(actions, d.keepNumber(now, w, v, lost)...)
		}
	}
	return actions, d.wake
}

// Done notes how an action ended. One that did not work counts as an end of the
// replica's process: it is tried again with a growing delay.
func (d *Decider) Done(now time.Time, a Action, err error) {
	delete(d.doing, a.Replica)
	switch {
	case err != nil:
		d.tell(now, FailedKind, a.Replica, fmt.Sprintf("%s: %v", a.Verb, err))
		d.life(a.Replica).ended(now, d.timing, d.random)
	case a.Verb == Remove:
		delete(d.lives, a.Replica)
		delete(d.bad, a.Replica)
		delete(d.instead, a.Replica)
	default:
		// Whether it stays up is for the next look: until then it is up, and
		// one that is not is an end of its own.
		*d.life(a.Replica) = crashes{inRow: d.life(a.Replica).inRow, since: now}
	}
}

// Busy reports whether anything is under way.
func (d *Decider) Busy() bool { return len(d.doing) > 0 }

// heal decides about one replica.
func (d *Decider) heal(now time.Time, r Replica, p Pulse, nodeDown bool) (Action, bool) {
	if _, under := d.doing[r.Name]; under {
		return Action{}, false
	}
	life := d.life(r.Name)
	switch {
	case r.State == Running && p.Silent >= d.timing.SilentAfter && !r.Attended && !r.Held && !nodeDown && d.movable(r.Component):
		why := fmt.Sprintf("%d checks in a row had no answer", p.Silent)
		d.notice(now, r.Name, why)
		return d.act(now, Action{Verb: Restart, Replica: r.Name, Component: r.Component, Node: r.Node, Why: why})
	case r.State == Running:
		life.runs(now)
		if p.Ready || !d.movable(r.Component) {
			d.forgive(now, r.Name)
		}
		return Action{}, false
	}
	d.notice(now, r.Name, "its process is "+string(r.State))
	if life.due.IsZero() {
		life.ended(now, d.timing, d.random)
		if wait := life.due.Sub(now); wait > 0 && !r.Held && !nodeDown {
			d.tell(now, BackOffKind, r.Name, fmt.Sprintf("ended %d times in a row: next start in %v", life.inRow, wait.Round(time.Millisecond)))
		}
	}
	switch {
	case r.Held || nodeDown:
		return Action{}, false
	case now.Before(life.due):
		d.wakeAt(life.due)
		return Action{}, false
	}
	return d.act(now, Action{Verb: Start, Replica: r.Name, Component: r.Component, Node: r.Node, Why: d.bad[r.Name]})
}

// act begins an action.
func (d *Decider) act(now time.Time, a Action) (Action, bool) {
	d.doing[a.Replica] = a
	kind := map[Verb]string{Start: RestartedKind, Restart: RestartedKind, Place: PlacedKind, Remove: RemovedKind}[a.Verb]
	d.tell(now, kind, a.Replica, a.Why)
	return a, true
}

// notice tells once that a replica or a node is bad.
func (d *Decider) notice(now time.Time, subject, why string) {
	if _, known := d.bad[subject]; known {
		return
	}
	d.bad[subject] = why
	d.tell(now, NoticedKind, subject, why)
}

// forgive forgets that a replica was bad: it runs and, where it is asked, is
// ready.
func (d *Decider) forgive(now time.Time, name string) {
	if _, known := d.bad[name]; known {
		delete(d.bad, name)
		d.tell(now, HealedKind, name, "it is back")
	}
}

// movable reports whether a component's replicas are asked how they are, and
// can be made anew elsewhere.
func (d *Decider) movable(component string) bool {
	return slices.ContainsFunc(d.wants, func(w Want) bool { return w.Component == component && w.Movable })
}

func (d *Decider) life(name string) *crashes {
	if d.lives[name] == nil {
		d.lives[name] = &crashes{}
	}
	return d.lives[name]
}

// wakeAt asks to decide again at a time.
func (d *Decider) wakeAt(at time.Time) {
	if d.wake.IsZero() || at.Before(d.wake) {
		d.wake = at
	}
}

// wanted is the number of replicas that a component should have now.
func (d *Decider) wanted(w Want) int {
	if s := d.scalers[w.Component]; s != nil && s.desired > 0 {
		return s.desired
	}
	return w.Replicas
}
