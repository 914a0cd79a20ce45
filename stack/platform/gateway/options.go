package gateway

import (
	"slices"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/token"
)

// Options are the gateway's configuration, in the form of its document. Start
// from Defaults.
type Options struct {
	// Routes say which requests go to which service.
	Routes          []Route         `json:"routes"`
	Timeouts        Timeouts        `json:"timeouts"`
	Retries         Retries         `json:"retries"`
	OutlierEjection OutlierEjection `json:"outlierEjection"`
	// Connections is the most connections to one endpoint, from 1.
	Connections int `json:"connections"`
	// Without names the features that are switched off.
	Without   []Feature `json:"without,omitempty"`
	Auth      Auth      `json:"auth"`
	RateLimit RateLimit `json:"rateLimit"`
	Admission Admission `json:"admission"`
	Breaker   Breaker   `json:"breaker"`
	Hedging   Hedging   `json:"hedging"`
}

// Timeouts bound what is waited for.
type Timeouts struct {
	// Try bounds one try at one endpoint, to the end of an answer that is taken
	// whole; Deadline bounds a request in all, its answer included.
	Try      config.Duration `json:"try"`
	Deadline config.Duration `json:"deadline"`
}

// Retries say how often a request is sent again.
type Retries struct {
	// Tries is the most endpoints that one request is sent to, from 1.
	Tries int `json:"tries"`
	// Share is the largest share of the tries in flight that may be retries, in
	// (0,1); Floor retries are always allowed at a time.
	Share float64 `json:"share"`
	Floor uint    `json:"floor"`
}

// OutlierEjection says when an endpoint is taken out of the rotation.
type OutlierEjection struct {
	// After failures in a row take it out. After For it is probed, and
	// ReadmitAfter good probes in a row bring it back.
	After        uint            `json:"after"`
	For          config.Duration `json:"for"`
	ReadmitAfter uint            `json:"readmitAfter"`
	// Every endpoint's readiness is probed every ProbeEvery, for at most
	// ProbeLimit; ProbeFailures bad probes in a row eject it as well.
	ProbeEvery    config.Duration `json:"probeEvery"`
	ProbeLimit    config.Duration `json:"probeLimit"`
	ProbeFailures int             `json:"probeFailures"`
}

// Defaults are the configuration of the reference platform. An endpoint answers
// in about a millisecond, so that a try's limit is far above any healthy answer
// and three tries still fit into the deadline.
func Defaults() Options {
	return Options{
		Routes:   []Route{{Prefix: "/api/catalog", Service: "catalog"}, {Prefix: "/api/orders", Service: "orders"}},
		Timeouts: Timeouts{Try: config.Duration(250 * time.Millisecond), Deadline: config.Duration(time.Second)},
		Retries:  Retries{Tries: 3, Share: 0.2, Floor: 10},
		OutlierEjection: OutlierEjection{
			After:         3,
			For:           config.Duration(500 * time.Millisecond),
			ReadmitAfter:  2,
			ProbeEvery:    config.Duration(200 * time.Millisecond),
			ProbeLimit:    config.Duration(250 * time.Millisecond),
			ProbeFailures: 2,
		},
		Connections: 64,
		Auth:        Auth{Issuer: token.Issuer, Audience: token.Audience, Leeway: config.Duration(5 * time.Second)},
		// One client may take what two cores can serve, and no more.
		RateLimit: RateLimit{Client: Rate{PerSecond: 2000, Burst: 2000}, Gateways: 3, Clients: 10_000},
		// Far above what answers of a millisecond need at any rate that the
		// platform can serve, and below what would fill a gateway's memory.
		Admission: Admission{Concurrency: 256, Queue: 256, Wait: config.Duration(100 * time.Millisecond)},
		// A service of which every second request fails after all its tries is
		// down, not unlucky.
		Breaker: Breaker{
			Window: config.Duration(5 * time.Second), Volume: 50, FailureShare: 0.5,
			OpenFor: config.Duration(500 * time.Millisecond), Probes: 3,
		},
		Hedging: Hedging{Quantile: 0.95, Least: config.Duration(25 * time.Millisecond), Share: 0.05},
	}
}

// Has reports whether a feature is on.
func (o Options) Has(f Feature) bool { return !slices.Contains(o.Without, f) }

// tries is the most endpoints that a request is sent to.
func (o Options) tries() int {
	if !o.Has(RetriesFeature) {
		return 1
	}
	return o.Retries.Tries
}
