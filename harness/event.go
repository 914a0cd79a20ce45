package harness

import (
	"context"
	"time"
)

// Class says how one scheduled request ended. The set is fixed: an error's
// text holds ephemeral ports and must never be a map key.
type Class string

const (
	OK           Class = "ok"
	HTTP5xx      Class = "http-5xx"
	HTTP4xx      Class = "http-4xx-unexpected"
	Timeout      Class = "timeout"
	Refused      Class = "refused"
	Reset        Class = "reset"
	DNS          Class = "dns"
	TLS          Class = "tls"
	WrongBody    Class = "wrong-body"
	Slow         Class = "slow"
	OtherFailure Class = "other"
	// NotSent counts against the load generator, never against the stack.
	NotSent Class = "not-sent"
)

// Event is the result of one scheduled request.
type Event struct {
	// Seq is the place in the schedule, from 0, without gaps.
	Seq uint64
	// Intended is when the schedule wanted the request to be sent, Sent when
	// it was (zero for NotSent).
	Intended, Sent time.Time
	// Latency is the time from Intended to the end of the answer; 0 for
	// NotSent.
	Latency time.Duration
	Class   Class
	// Status is the HTTP status, 0 when there was none.
	Status int
	// Served are the replicas that had a part in the answer, as it says itself,
	// at most MostServers; none when it does not say.
	Served []string
	// Detail is an example of what went wrong, for people; may be empty.
	Detail string
}

// MostServers is how many replicas an Event names at most.
const MostServers = 4

// Load is open-loop traffic: requests are scheduled by time, whatever the
// answers are.
type Load interface {
	// Run sends until ctx is done or the schedule ends, and then returns nil
	// after the last event was emitted. It emits exactly one Event for every
	// request that was scheduled until then, failures included, in any order.
	// emit is never called concurrently and never after Run has returned.
	// The error means that the load generator could not work.
	Run(ctx context.Context, emit func(Event)) error
}

// Probe is one check of the stack from outside.
type Probe interface {
	// String names the check for reports: `GET edge /healthz`.
	String() string
	// Check returns nil when the stack is healthy; otherwise the error says
	// what was expected and what was seen. It only reads and may be called
	// concurrently.
	Check(ctx context.Context) error
}
