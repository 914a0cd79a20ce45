package gateway

import "time"

// Options are the gateway's limits. Start from Defaults.
type Options struct {
	// Routes say which requests go to which service.
	Routes []Route
	// TryLimit bounds one try at one endpoint, to the end of an answer that is
	// taken whole; Deadline bounds a request in all, its answer included.
	TryLimit, Deadline time.Duration
	// Tries is the most endpoints that one request is sent to, from 1.
	Tries int
	// RetryShare is the largest share of the tries in flight that may be
	// retries, in (0,1); RetryFloor retries are always allowed at a time.
	RetryShare float64
	RetryFloor uint
	// EjectAfter failures in a row take an endpoint out of the rotation. After
	// EjectFor it is probed, and ReadmitAfter good probes in a row bring it
	// back.
	EjectAfter, ReadmitAfter uint
	EjectFor                 time.Duration
	// Every endpoint's readiness is probed every ProbeEvery, for at most
	// ProbeLimit; ProbeFailures bad probes in a row eject it as well.
	ProbeEvery, ProbeLimit time.Duration
	ProbeFailures          int
	// Connections is the most connections to one endpoint.
	Connections int
}

// Defaults are the limits of the reference platform. An endpoint answers in
// about a millisecond, so that TryLimit is far above any healthy answer and
// three tries still fit into Deadline.
func Defaults() Options {
	return Options{
		Routes:        []Route{{Prefix: "/api/catalog", Service: "catalog"}},
		TryLimit:      250 * time.Millisecond,
		Deadline:      time.Second,
		Tries:         3,
		RetryShare:    0.2,
		RetryFloor:    10,
		EjectAfter:    3,
		EjectFor:      500 * time.Millisecond,
		ReadmitAfter:  2,
		ProbeEvery:    200 * time.Millisecond,
		ProbeLimit:    250 * time.Millisecond,
		ProbeFailures: 2,
		Connections:   64,
	}
}
