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
	Latency map[string]time.Duration `json:"latencyNs,omitempty"`
	// Answered is how many events Latency is about: those with a good status
	// and body, however late. A quick refusal is no answer.
	Answered int          `json:"answered,omitempty"`
	Recovery RecoveryTime `json:"recovery"`
	// Shares are how the answered requests were spread over the replicas of each
	// component that has several, in order of its name; nil where the answers do
	// not say who served them.
	Shares []Shares `json:"shares,omitempty"`
	// Writes is what became of the load's writes over the whole trial; nil when
	// it only read.
	Writes *LedgerRecord `json:"writes,omitempty"`
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
	// Stolen is the largest share of all processors that the host of this
	// virtual machine took away within a second, in [0,1], and StolenAt when
	// that second began. 0 when it took none, and where nobody can tell.
	Stolen   float64       `json:"stolen,omitempty"`
	StolenAt time.Duration `json:"stolenAtNs,omitempty"`
}

// RecoveryTime is the time line of the trial's faults and its phases:
//
//	detection = t2-t0   diagnosis = t3-t2   repair = t4-t3   data = max(0, t6-t4)
//
// The phases telescope: their sum is t6-t0 exactly, whatever is observed. Every
// length counts from t0, when the first fault was in effect, and not from when
// the harness set out to inject it. Of several targets the first signal about
// any one is the detection, and the last one repaired is the repair; Targets
// has each by itself.
type RecoveryTime struct {
	// Applies is false for trials without an effective fault (noop included);
	// then everything else is zero.
	Applies   bool  `json:"applies"`
	Effective Stamp `json:"t0Effective"`
	Impact    Stamp `json:"t1Impact"`
	// Detected is the first signal that something is wrong, whoever said so.
	Detected Stamp `json:"t2Detected"`
	// Noticed is the machines' view of detection (load balancer, gateway,
	// lease), Paged the pager's: the first alert firing.
	Noticed   Stamp `json:"t2Noticed,omitzero"`
	Paged     Stamp `json:"t2Paged"`
	Diagnosed Stamp `json:"t3Diagnosed"`
	// Misnamed is the first signal that named something else than what was
	// broken, when no right name had been said before it; the zero value when
	// there was none.
	Misnamed Stamp `json:"t3Misnamed,omitzero"`
	Repaired Stamp `json:"t4Repaired"`
	Restored Stamp `json:"t5Restored"`
	Data     Stamp `json:"t6Data"`
	// Removal is when the harness had set out to remove every fault: what
	// happened later is not the platform's doing.
	Removal time.Duration `json:"removalNs,omitempty"`
	Phases  []Phase       `json:"phases,omitempty"`
	// Total is t6-t0, or the censoring time when it was not observed.
	Total Phase `json:"total"`
	// Recovered is what a limit on the recovery is held against: from t0 until
	// the platform had dealt with the fault (t6) and users were served again
	// for good (t5), whichever was later. It is a lower bound (Censored) when
	// either had not happened before Removal.
	Recovered Phase `json:"recovered,omitzero"`
	// Targets are the stamps of each target, when there is more than one.
	Targets []TargetTime `json:"targets,omitempty"`
	// Relapses are the times in which users were without service again after
	// Restored.
	Relapses []Window `json:"relapses,omitempty"`
	// Gaps are when an observer that could have noticed the fault gave no
	// answer, for so long that what it did not report says nothing.
	Gaps []Gap `json:"gaps,omitempty"`
	// Notes are flags such as "self-healed, undetected" or "masked by redundancy".
	Notes []string `json:"notes,omitempty"`
}

// Gap is a time in which an observer gave no answer.
type Gap struct {
	// Source is the observer as in Signal.Source.
	Source string `json:"source"`
	// Window is the part in which the fault was in effect.
	Window
}

// TargetTime is the time line of one target of a fault.
type TargetTime struct {
	Name string `json:"name"`
	// Effective is when its process was seen to end or stop.
	Effective Stamp `json:"t0Effective"`
	// Diagnosed is the first detecting signal that names the target itself.
	Diagnosed Stamp `json:"t3Diagnosed"`
	Repaired  Stamp `json:"t4Repaired"`
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
	// Length is exact to ±Resolution when State is Seen and a lower bound when
	// Censored. When NotSeen it is 0, but for the first of several phases that
	// nobody could observe: it holds the time that they share.
	Length     time.Duration `json:"lengthNs"`
	Resolution time.Duration `json:"resolutionNs"`
}

// Below reports whether the phase was too short to be told from nothing, and
// what it was surely shorter than.
func (p Phase) Below() (bound time.Duration, ok bool) {
	if p.State != Seen || p.Length >= p.Resolution {
		return 0, false
	}
	return p.Length + p.Resolution, true
}
