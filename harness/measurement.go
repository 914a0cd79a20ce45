package harness

import "time"

// Measurement is what one trial comes to in numbers. It is derived from
// Evidence alone, by Measure.
type Measurement struct {
	Trial int `json:"trial"`
	// Judged is the window that the numbers are about: Disruption and Recovery
	// of a trial with a fault, Baseline of one without.
	Judged    Window `json:"judged"`
	Scheduled int    `json:"scheduled"`
	Bad       int    `json:"bad"`
	NotSent   int    `json:"notSent"`
	// FailedFraction is Bad/Scheduled, NaN-free: 0 when nothing was scheduled.
	FailedFraction float64       `json:"failedFraction"`
	Classes        map[Class]int `json:"classes,omitempty"`
	// Slices and Outages are the two definitions of downtime, always side by
	// side.
	SliceDowntime  Downtime `json:"sliceDowntime"`
	OutageDowntime Downtime `json:"outageDowntime"`
	// Outages are those that touch Judged, cut to it.
	Outages []Outage `json:"outages,omitempty"`
	// Episodes are outages merged over gaps shorter than EpisodeGap.
	Episodes []Outage `json:"episodes,omitempty"`
	// Worst is the availability in the worst window of each length that fits
	// into Judged, the shortest first.
	Worst []WorstWindow `json:"worstWindows,omitempty"`
	// Latency maps p50, p90, p99, p99.9 and max to the latency of answered
	// events in Judged, counted from the intended time.
	Latency  map[string]time.Duration `json:"latencyNs,omitempty"`
	Recovery RecoveryTime             `json:"recovery"`
	// Generator is the health of the load generator over the whole trial.
	Generator GeneratorHealth `json:"generator"`
	// Probers is what the probers beside the load saw, in order of name.
	Probers []ProberMeasurement `json:"probers,omitempty"`
}

// ProberMeasurement is what one prober saw in the judged window. It is shown
// beside the load's numbers and decides nothing.
type ProberMeasurement struct {
	Name           string  `json:"name"`
	Scheduled      int     `json:"scheduled"`
	Bad            int     `json:"bad"`
	FailedFraction float64 `json:"failedFraction"`
	// Downtime is by outages; its resolution is 1/rate of the prober.
	Downtime Downtime `json:"downtime"`
	Outages  []Outage `json:"outages,omitempty"`
}

// WorstWindow is the window of its length in which the fewest requests were
// good (windowed availability; package slo has the definition). One whose
// length is short and Good low is an outage, one that is long is flakiness.
type WorstWindow struct {
	// Window begins and ends on a tick.
	Window
	// Good is the share of good requests in it, in [0,1].
	Good float64 `json:"good"`
}

// Downtime is time lost to users.
type Downtime struct {
	Total time.Duration `json:"totalNs"`
	// Resolution is how exactly one outage is measured: the width of a slice,
	// or the time between two scheduled events.
	Resolution time.Duration `json:"resolutionNs"`
	// Availability is 1 - Total/Judged.Length, in [0,1].
	Availability float64 `json:"availability"`
}

// GeneratorHealth tells a slow harness from a slow stack.
type GeneratorHealth struct {
	// Shortfall is not-sent / planned, in [0,1].
	Shortfall float64       `json:"shortfall"`
	LagP99    time.Duration `json:"lagP99Ns"`
	// CPUShare is fournines' own processor time / wall time; 1 is one core.
	CPUShare float64 `json:"cpuShare"`
}

// RecoveryTime is the time line of one injection and its phases:
//
//	detection = t2-t0   diagnosis = t3-t2   repair = t4-t3   data = max(0, t6-t4)
//
// The phases telescope: their sum is t6-t0 exactly, whatever is observed.
type RecoveryTime struct {
	// Applies is false for trials without an effective fault (noop included);
	// then everything else is zero.
	Applies   bool  `json:"applies"`
	Effective Stamp `json:"t0Effective"`
	Impact    Stamp `json:"t1Impact"`
	Detected  Stamp `json:"t2Detected"`
	// Paged is the pager's view of detection: the first alert firing.
	Paged     Stamp   `json:"t2Paged"`
	Diagnosed Stamp   `json:"t3Diagnosed"`
	Repaired  Stamp   `json:"t4Repaired"`
	Restored  Stamp   `json:"t5Restored"`
	Data      Stamp   `json:"t6Data"`
	Phases    []Phase `json:"phases,omitempty"`
	// Total is t6-t0, or the censoring time when it was not observed.
	Total Phase `json:"total"`
	// Notes are flags such as "self-healed, undetected" or "masked by redundancy".
	Notes []string `json:"notes,omitempty"`
}

// Stamp is one point of the time line: the true time lies in [Lo, Hi].
type Stamp struct {
	State  StampState    `json:"state"`
	Lo     time.Duration `json:"loNs"`
	Hi     time.Duration `json:"hiNs"`
	Source string        `json:"source,omitempty"`
	Detail string        `json:"detail,omitempty"`
}

// StampState says whether a stamp or phase was seen.
type StampState string

const (
	// NotSeen means that no source reported it. It is never read as 0.
	NotSeen StampState = "unobserved"
	Seen    StampState = "observed"
	// Censored means that it had not happened by Hi.
	Censored StampState = "censored"
)

// Phase is one part of the recovery time.
type Phase struct {
	Name  string     `json:"name"`
	State StampState `json:"state"`
	// Length is exact to ±Resolution when State is Seen, a lower bound when
	// Censored, and 0 and meaningless when NotSeen.
	Length     time.Duration `json:"lengthNs"`
	Resolution time.Duration `json:"resolutionNs"`
}
