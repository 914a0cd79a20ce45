package harness

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// StackSpec says how the stack has to be built so that a scenario makes sense.
// Whether a stack can be built like that is for whoever builds it.
type StackSpec struct {
	// Cores is how much of a processor core each replica of a component may
	// use.
	Cores map[string]float64 `json:"cores,omitempty"`
	// Work is how much processor time each request to a component costs at least:
	// a load is the same share of Cores on every machine then.
	Work map[string]time.Duration `json:"workNs,omitempty"`
	// Autoscale is how the numbers of components follow their load.
	Autoscale map[string]ScaleSpec `json:"autoscale,omitempty"`
	// ClientRate is the most requests per second that the stack takes from one
	// client; 0 leaves that to the stack.
	ClientRate float64 `json:"clientRatePerSecond,omitempty"`
	// Drill is how often the backup tries to restore what it has; 0 leaves that
	// to the stack.
	Drill time.Duration `json:"drillNs,omitempty"`
}

// MinDrill and MaxDrill bound StackSpec.Drill: a restore takes some seconds,
// and the next waits for it.
const (
	MinDrill = 5 * time.Second
	MaxDrill = 24 * time.Hour
)

// MaxWork bounds StackSpec.Work.
const MaxWork = time.Second

// ScaleSpec says how the number of a component's replicas follows their load.
type ScaleSpec struct {
	// Metric is cpu, memory or requests.
	Metric string `json:"metric"`
	// Target is what the mean of the replicas should be: a share in (0,1] of the
	// processor time or the memory that each may use, or requests per second.
	Target float64 `json:"target"`
	// Min and Max bound the number; 0 leaves that to the stack.
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
	// Window is how long fewer have to be enough before any is removed; 0 leaves
	// that to the stack.
	Window time.Duration `json:"windowNs,omitempty"`
}

// ScaleMetrics are what ScaleSpec.Metric may be.
func ScaleMetrics() []string { return []string{"cpu", "memory", "requests"} }

func (s StackSpec) validate(v *validation) {
	for _, component := range slices.Sorted(maps.Keys(s.Cores)) {
		v.check(s.Cores[component] > 0 && s.Cores[component] <= 64, "stack.cores."+component, s.Cores[component], "more than 0 and at most 64 cores")
	}
	for _, component := range slices.Sorted(maps.Keys(s.Work)) {
		v.check(s.Work[component] > 0 && s.Work[component] <= MaxWork, "stack.work."+component, s.Work[component], fmt.Sprintf("more than 0s and at most %s", MaxWork))
	}
	for _, component := range slices.Sorted(maps.Keys(s.Autoscale)) {
		s.Autoscale[component].validate(v, "stack.autoscale."+component)
	}
	v.check(s.ClientRate == 0 || s.ClientRate >= 1 && s.ClientRate <= MaxRate, "stack.clientRate", s.ClientRate, fmt.Sprintf("1/s to %d/s", MaxRate))
	v.check(s.Drill == 0 || s.Drill >= MinDrill && s.Drill <= MaxDrill, "stack.drill", s.Drill, fmt.Sprintf("%s to %s", MinDrill, MaxDrill))
}

func (s ScaleSpec) validate(v *validation, field string) {
	v.check(slices.Contains(ScaleMetrics(), s.Metric), field+".metric", s.Metric, "cpu, memory or requests")
	if s.Metric == "requests" {
		v.check(s.Target >= 1 && s.Target <= MaxRate, field+".target", s.Target, fmt.Sprintf("1/s to %d/s for each replica", MaxRate))
	} else {
		v.check(s.Target > 0 && s.Target <= 1, field+".target", s.Target, "above 0% and up to 100% of what a replica may use")
	}
	v.check(s.Min >= 0 && s.Min <= 100, field+".min", s.Min, "0 to 100 replicas")
	v.check(s.Max == 0 || s.Max >= s.Min && s.Max <= 100, field+".max", s.Max, "min to 100 replicas")
	v.check(s.Window >= 0 && s.Window <= MaxStage, field+".window", s.Window, fmt.Sprintf("0s to %s", MaxStage))
}
