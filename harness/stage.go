package harness

import "time"

// Stage is a part of a trial. Load runs without a gap from the start of
// Steady to the end of Recovery.
type Stage string

const (
	// Steady is the warm-up: probes must hold and traffic must flow, or
	// nothing is injected. Its requests are recorded but not judged.
	Steady Stage = "steady"
	// Baseline is the undisturbed time under load before the injection.
	Baseline Stage = "baseline"
	// Disruption lasts from the injection until the fault is recovered.
	Disruption Stage = "disruption"
	// Recovery lasts from the start of the fault's removal to the end.
	Recovery Stage = "recovery"
)

// Stages is how long each stage lasts; every length is >= 0. A scenario
// without faults has neither Disruption nor Recovery.
type Stages struct {
	Steady     time.Duration `json:"steadyNs"`
	Baseline   time.Duration `json:"baselineNs"`
	Disruption time.Duration `json:"disruptionNs"`
	Recovery   time.Duration `json:"recoveryNs"`
}

// Total is the planned length of a trial without set-up and reconciliation.
func (s Stages) Total() time.Duration {
	return s.Steady + s.Baseline + s.Disruption + s.Recovery
}

// Window is a half-open interval [From, To) of offsets from a trial's base.
type Window struct {
	From time.Duration `json:"fromNs"`
	To   time.Duration `json:"toNs"`
}

// Length is To-From, or 0 for a window that is empty or inverted.
func (w Window) Length() time.Duration { return max(0, w.To-w.From) }

// Contains reports whether at lies in [From, To).
func (w Window) Contains(at time.Duration) bool { return at >= w.From && at < w.To }

// StageRecord says when a stage of a trial really began and ended.
type StageRecord struct {
	Stage Stage `json:"stage"`
	Window
}
