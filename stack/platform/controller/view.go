package controller

import (
	"context"
	"time"
)

// State is how a replica's process is.
type State string

// States of a process. A replica that has neither a process nor anything to
// make one of is Missing.
const (
	Running State = "running"
	Ended   State = "ended"
	Missing State = "missing"
)

// Replica is what is seen of one replica at one time.
type Replica struct {
	Name, Component, Node string
	State                 State
	// Health is the base URL of the page that tells whether the replica is
	// ready; empty when it has none.
	Health string
	// Held is true while something keeps it from being started.
	Held bool
	// Attended is true while something beside the process works on it: it is
	// not ended for being silent.
	Attended bool
}

// View is the platform at one time.
type View struct {
	Replicas []Replica
	// NodesDown are the nodes that do not answer.
	NodesDown []string
	// Pulses are how the replicas answer, by name; those that are not asked
	// have none.
	Pulses map[string]Pulse
	// Loads are how busy components are, by name; nil where nobody can say.
	Loads map[string]Load
}

// Pulse is how a replica answers its readiness check.
type Pulse struct {
	// Ready is true when the last answer was good.
	Ready bool
	// Silent is how many checks in a row had no answer at all.
	Silent int
}

// Eyes see the platform.
type Eyes interface {
	// Look returns every replica that there is, by name, and the nodes that
	// are down. Pulses and Loads are left to the caller.
	Look(ctx context.Context) (View, error)
	// Follow calls changed when something has become of a replica, until ctx
	// is done, and then returns nil.
	Follow(ctx context.Context, changed func()) error
}

// Hands change the platform.
type Hands interface {
	// Do carries an action out and returns when that is done; a process that
	// was started need not be ready yet. An action that has been done already
	// is no error.
	Do(ctx context.Context, a Action) error
}

// Verb is what an action does.
type Verb string

const (
	// Start starts the process of a replica that ended.
	Start Verb = "start"
	// Restart ends a replica's process at once and starts it.
	Restart Verb = "restart"
	// Place makes a replica that was not there.
	Place Verb = "place"
	// Remove lets a replica drain and removes it.
	Remove Verb = "remove"
)

// Action is one thing to do.
type Action struct {
	Verb    Verb
	Replica string
	// Component and Node are the replica's.
	Component, Node string
	// Instead is the lost replica that a placed one stands in for; empty when
	// it stands in for nobody.
	Instead string
	// Why is for people.
	Why string
}

// Want is what a component should be.
type Want struct {
	Component string
	// Replicas is the number of those that it was brought up with.
	Replicas int
	// Movable says that its replicas can be placed on any node, and be more
	// than Replicas.
	Movable bool
	// Scale is nil for a component whose number does not follow its load.
	Scale *Scale
}

// Timing are the controller's delays. Start from Defaults.
type Timing struct {
	// Resync is the longest time between two looks.
	Resync time.Duration
	// PulseEvery is the pause between two checks of a replica, PulseLimit the
	// time that one has for an answer; SilentAfter checks without any answer
	// mean that it hangs.
	PulseEvery, PulseLimit time.Duration
	SilentAfter            int
	// NodeGrace is how long a node has to be silent to be lost.
	NodeGrace time.Duration
	// BackOff is the delay before the second start in a row, doubled for each
	// that follows up to BackOffMost; a process that ran for StableAfter
	// begins anew.
	BackOff, BackOffMost, StableAfter time.Duration
	// ScaleEvery is the time between two decisions about a number that follows
	// load, and between two questions how busy replicas are.
	ScaleEvery time.Duration
}

// Defaults are Kubernetes' delays (10 s to 5 min, stable after 10 min; a node
// lost after 40 s; a probe every 10 s, 3 failures; numbers decided every 15 s)
// made shorter by about the factor by which a run is shorter than a day's work.
func Defaults() Timing {
	return Timing{
		Resync:     500 * time.Millisecond,
		PulseEvery: 500 * time.Millisecond, PulseLimit: time.Second, SilentAfter: 3,
		NodeGrace: time.Second,
		BackOff:   250 * time.Millisecond, BackOffMost: 10 * time.Second, StableAfter: 10 * time.Second,
		ScaleEvery: time.Second,
	}
}
