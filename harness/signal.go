package harness

import (
	"context"
	"time"
)

// Kind is what a Signal says. The meaning of each kind for the recovery time
// line is fixed by Detects and Repairs.
type Kind string

const (
	// Died, Paused, Unpaused, Started: a replica's process as the container
	// engine saw it. Proof of effect, never detection.
	Died     Kind = "died"
	Paused   Kind = "paused"
	Unpaused Kind = "unpaused"
	Started  Kind = "started"
	// Exited: the operating system saw a replica's process end. It is exact
	// where Died comes some time after the fact.
	Exited Kind = "exited"
	// Ready: the replica's own readiness check turned good after it was bad.
	Ready    Kind = "ready"
	NotReady Kind = "not-ready"
	// Registered, LeaseExpired, Deregistered: the registry's view.
	Registered   Kind = "registered"
	LeaseExpired Kind = "lease-expired"
	Deregistered Kind = "deregistered"
	// Ejected, Readmitted: a gateway took an endpoint out of, or back into,
	// its rotation because of its answers.
	Ejected    Kind = "ejected"
	Readmitted Kind = "readmitted"
	// Removed, Added: a gateway dropped or took up an endpoint because the
	// registry said so.
	Removed Kind = "removed"
	Added   Kind = "added"
	// LBDown, LBUp: the load balancer's health check changed its mind.
	LBDown Kind = "lb-down"
	LBUp   Kind = "lb-up"
	// Noticed: the platform's controller saw that its subject, a replica or a
	// node, ended, hangs or is lost. Restarted, Placed: it has begun to start it
	// again, or to make another one; Healed: it saw the subject whole again;
	// Replaced: another replica serves in the place of the subject.
	Noticed   Kind = "noticed"
	Restarted Kind = "restarted"
	Placed    Kind = "placed"
	Healed    Kind = "healed"
	Replaced  Kind = "replaced"
	// Scaled: the controller changed the number of a component's replicas
	// because of its load; ScaledIn: it removes its subject.
	Scaled   Kind = "scaled"
	ScaledIn Kind = "scaled-in"
	// BackedUp: the backup keeps a new copy of the database. RestoreVerified: it
	// restored one into a database of its own and found in it what the database
	// held; RestoreFailed: it tried and did not. They notice nothing of a fault
	// and repair nothing.
	BackedUp        Kind = "backed-up"
	RestoreVerified Kind = "restore-verified"
	RestoreFailed   Kind = "restore-failed"
	// Unreadable: a write that was acknowledged could not be read back, or was
	// read as something else. Readable: all that were tried can be read again,
	// or at first. They say when data was there, and notice nothing: it is the
	// harness that reads.
	Unreadable Kind = "unreadable"
	Readable   Kind = "readable"
	// Silent: the source gave no answer for the signal's Resolution up to its
	// Time, so that what it would have noticed in between is not known.
	Silent Kind = "silent"
	// AlertPending, AlertFiring, AlertResolved: Prometheus.
	AlertPending  Kind = "alert-pending"
	AlertFiring   Kind = "alert-firing"
	AlertResolved Kind = "alert-resolved"
)

// Detects reports whether the kind means that the platform or its monitoring
// noticed that something is wrong. A replica that leaves the registry by itself
// (Deregistered, as on TERM) is noticed by that: the platform was told.
func (k Kind) Detects() bool {
	switch k {
	case LeaseExpired, Deregistered, Ejected, LBDown, Noticed, AlertFiring:
		return true
	}
	return false
}

// Pages reports whether the kind is one that would reach a person.
func (k Kind) Pages() bool { return k == AlertFiring }

// Repairs reports whether the kind means that its subject is out of the path
// for good (traffic durably routed around it) or whole again.
func (k Kind) Repairs() bool {
	switch k {
	case LeaseExpired, Deregistered, Removed, LBDown, Healed, Replaced, Ready:
		return true
	}
	return false
}

// Signal is a timestamped observation.
type Signal struct {
	// Time is when it happened by the wall clock of the machine that fournines
	// runs on. The true time lies in [Time-Resolution, Time].
	Time       time.Time     `json:"time"`
	Resolution time.Duration `json:"resolutionNs"`
	// At is Time as an offset from the trial's base; set by the engine.
	At time.Duration `json:"atNs"`
	// Source says who observed: "registry", "gateway-1", "edge", "prometheus".
	Source string `json:"source"`
	// Subject is the replica, component or node that the signal names; empty
	// when it names nobody.
	Subject string `json:"subject,omitempty"`
	Kind    Kind   `json:"kind"`
	Detail  string `json:"detail,omitempty"`
}

// Observer is a source of Signals.
type Observer interface {
	// String names the source for reports.
	String() string
	// Observe emits until ctx is done and then returns nil. emit may be called
	// from one goroutine at a time and never after Observe returned. A query
	// that fails for good is an error, never "no signal"; passing failures are
	// retried within Observe.
	Observe(ctx context.Context, emit func(Signal)) error
}
