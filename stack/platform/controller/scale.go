package controller

import (
	"fmt"
	"math"
	"time"
)

// Tolerance is the share by which a metric may be off its target before
// anything is changed: Kubernetes' default.
const Tolerance = 0.1

// Scale says how a component's number follows its load.
type Scale struct {
	// Metric is what is compared with Target: CPUMetric, MemoryMetric or
	// RequestsMetric.
	Metric string
	Target float64
	// Min and Max bound the number of replicas.
	Min, Max int
	// Stabilize is how long a lower number has to be enough before replicas
	// are removed: Kubernetes' stabilization window for scaling down.
	Stabilize time.Duration
}

// Metrics that a Scale can follow.
const (
	// CPUMetric is the share of the processor time that a replica may use.
	CPUMetric = "cpu"
	// MemoryMetric is the share of the memory that a replica may use.
	MemoryMetric = "memory"
	// RequestsMetric is requests per second and replica.
	RequestsMetric = "requests"
)

// Load is how busy the replicas of a component are: the metric's value by
// replica. Replicas whose value is not known are left out.
type Load map[string]float64

// scaler is what is known about one component's scale.
type scaler struct {
	scale Scale
	// desired is the number that was decided last; 0 before that.
	desired int
	// proposals are the numbers that were proposed within the stabilization
	// window, oldest first.
	proposals []proposal
	// due is when it is decided next.
	due time.Time
	// mean is that of the replicas that are known, of which there are known;
	// as of the last decision.
	mean  float64
	known int
}

type proposal struct {
	at time.Time
	n  int
}

// decide returns how many replicas there should be, of the present number and
// the load of those that are ready. The formula is that of Kubernetes' HPA:
//
//	desired = ceil(current × metric / target)
//
// where nothing changes while the metric is within Tolerance of the target. Of
// replicas without a value the HPA assumes the target when it would remove
// some, and nothing at all when it would add some; when the sign of the change
// is another one with them, nothing changes. Without any value nothing changes.
// A lower number comes into effect when nothing higher was proposed for
// Stabilize.
func (s *scaler) decide(now time.Time, current int, ready []string, load Load) (desired int, why string) {
	if s.desired == 0 {
		s.desired = min(max(current, s.scale.Min), s.scale.Max)
	}
	proposed, why := s.propose(ready, load)
	proposed = min(max(proposed, s.scale.Min), s.scale.Max)
	if s.proposals == nil { // what there is now was wanted by somebody
		s.proposals = append(s.proposals, proposal{now, s.desired})
	}
	s.proposals = append(s.proposals, proposal{now, proposed})
	for len(s.proposals) > 1 && now.Sub(s.proposals[0].at) > s.scale.Stabilize {
		s.proposals = s.proposals[1:]
	}
	highest := proposed
	for _, p := range s.proposals {
		highest = max(highest, p.n)
	}
	s.desired = max(proposed, min(s.desired, highest))
	return s.desired, why
}

// propose is the HPA's formula.
func (s *scaler) propose(ready []string, load Load) (n int, why string) {
	var sum float64
	known := 0
	defer func() { s.known = known }()
	for _, name := range ready {
		if v, ok := load[name]; ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
			sum += v
			known++
		}
	}
	if known == 0 {
		return s.desired, "its load is not known"
	}
	s.mean = sum / float64(known)
	ratio := s.mean / s.scale.Target
	if math.Abs(ratio-1) <= Tolerance {
		return s.desired, ""
	}
	missing := len(ready) - known
	if missing > 0 {
		filled := sum
		if ratio < 1 {
			filled += float64(missing) * s.scale.Target
		}
		again := filled / float64(len(ready)) / s.scale.Target
		if math.Abs(again-1) <= Tolerance || (again < 1) != (ratio < 1) {
			return s.desired, ""
		}
		ratio = again
	}
	n = int(math.Ceil(float64(len(ready)) * ratio))
	if ratio > 1 && n < s.desired || ratio < 1 && n > s.desired {
		return s.desired, "" // replicas that are still starting count
	}
	return n, fmt.Sprintf("%s is at %.0f %% of its target", s.scale.Metric, 100*ratio)
}

// decision is a change of the number that a component should have.
type decision struct {
	component, metric string
	// value is the mean of the ready replicas whose value is known, target what
	// it should be; both in the metric's unit.
	value, target float64
	// known of ready replicas had a value.
	known, ready int
	from, to     int
}

// String is "from 3 to 4 replicas: cpu is 92 %, want 70 %".
func (x decision) String() string {
	unit, format := 100.0, "%.0f %%"
	if x.metric == RequestsMetric {
		unit, format = 1, "%.0f/s"
	}
	return fmt.Sprintf("from %d to %d replicas: %s is "+format+", want "+format, x.from, x.to, x.metric, unit*x.value, unit*x.target)
}

// desired is how many replicas a component should have. It is decided anew
// once in Timing.ScaleEvery, so that what was decided is there and is measured
// before the next change.
func (d *Decider) desired(now time.Time, w Want, v View, here []Replica) int {
	s := d.scalers[w.Component]
	if s == nil {
		return w.Replicas
	}
	if now.Before(s.due) {
		return s.desired
	}
	s.due = now.Add(d.timing.ScaleEvery)
	var ready []string
	for _, r := range here {
		if v.Pulses[r.Name].Ready && r.State == Running {
			ready = append(ready, r.Name)
		}
	}
	before := s.desired
	n, _ := s.decide(now, len(here), ready, v.Loads[w.Component])
	if before != 0 && n != before {
		d.scaled(now, decision{
			component: w.Component, metric: s.scale.Metric, value: s.mean, target: s.scale.Target,
			known: s.known, ready: len(ready), from: before, to: n,
		})
	}
	return n
}

// busy is the last value that a component's scale was decided by, and its
// target; false while there is none.
func (d *Decider) busy(component string) (value, target float64, known bool) {
	s := d.scalers[component]
	if s == nil || s.known == 0 {
		return 0, 0, false
	}
	return s.mean, s.scale.Target, true
}
