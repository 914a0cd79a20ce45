package harness

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// Shares are how the answered requests of the load were spread over the
// replicas of one component.
type Shares struct {
	Component string `json:"component"`
	// Stages are Baseline, Disruption and Recovery: before, under and after the
	// fault. One without an answer in a whole second of it is left out.
	Stages []StageShares `json:"stages"`
}

// StageShares are those of one stage. They are about the whole seconds in it.
type StageShares struct {
	Stage Stage `json:"stage"`
	// Answered is how many requests the component had a part in.
	Answered int `json:"answered"`
	// Replicas are in order of their names. One that answered nothing is among
	// them when the stack had it when the trial began.
	Replicas []ReplicaShare `json:"replicas"`
	// Deviation is the largest difference between a replica's share and the
	// wanted one, in [0,1], and Farthest the replica.
	Deviation float64 `json:"deviation"`
	Farthest  string  `json:"farthest"`
}

// ReplicaShare is that of one replica.
type ReplicaShare struct {
	Replica  string `json:"replica"`
	Answered int    `json:"answered"`
	// Share is Answered / that of all replicas of the component, in [0,1], and
	// Wanted what it would be by the weights, which are the same where nobody
	// set any. What answered nothing is wanted to answer all the same.
	Share  float64 `json:"share"`
	Wanted float64 `json:"wanted"`
}

// sharesIn are the shares of all components with several replicas of which an
// answer names one.
func sharesIn(ev Evidence) (all []Shares) {
	known := map[string][]string{} // replicas by component
	for _, t := range ev.Stack.Targets {
		known[t.Component] = append(known[t.Component], t.Name)
	}
	for _, component := range slices.Sorted(maps.Keys(known)) {
		if len(known[component]) < 2 {
			continue
		}
		shares := Shares{Component: component}
		for _, stage := range []Stage{Baseline, Disruption, Recovery} {
			answered := answeredIn(ev, stage, component, known)
			if s, ok := spread(stage, answered, known[component], ev.Stack.Weights); ok {
				shares.Stages = append(shares.Stages, s)
			}
		}
		if len(shares.Stages) > 0 {
			all = append(all, shares)
		}
	}
	return all
}

// answeredIn counts a stage's answers by the component's replicas.
func answeredIn(ev Evidence, stage Stage, component string, known map[string][]string) map[string]int {
	answered := map[string]int{}
	w := stageWindow(ev, stage)
	for _, s := range ev.Seconds {
		if s.At < w.From || s.At+time.Second > w.To {
			continue
		}
		for name, n := range s.Served {
			if componentOf(name, known) == component {
				answered[name] += n
			}
		}
	}
	return answered
}

// componentOf finds the component of a replica: one of the stack as it was, or
// one that was placed since, which is called "gateway-4". Empty for a stranger.
func componentOf(name string, known map[string][]string) string {
	for component, replicas := range known {
		if slices.Contains(replicas, name) {
			return component
		}
	}
	at := strings.LastIndexByte(name, '-')
	if at < 0 {
		return ""
	}
	if _, err := strconv.ParseUint(name[at+1:], 10, 16); err != nil || known[name[:at]] == nil {
		return ""
	}
	return name[:at]
}

// spread turns counts into shares; false when nothing was answered.
func spread(stage Stage, answered map[string]int, replicas []string, weights map[string]int) (StageShares, bool) {
	s := StageShares{Stage: stage}
	names := map[string]bool{}
	for _, name := range replicas {
		names[name] = true
	}
	for name, n := range answered {
		names[name] = true
		s.Answered += n
	}
	if s.Answered == 0 {
		return s, false
	}
	total := 0
	for name := range names {
		total += weightOf(name, weights)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		share := ReplicaShare{
			Replica: name, Answered: answered[name],
			Share: slo.Fraction(answered[name], s.Answered), Wanted: slo.Fraction(weightOf(name, weights), total),
		}
		s.Replicas = append(s.Replicas, share)
		if off := math.Abs(share.Share - share.Wanted); s.Farthest == "" || off > s.Deviation {
			s.Deviation, s.Farthest = off, name
		}
	}
	return s, true
}

// weightOf is a replica's weight: 1 where nobody set any.
func weightOf(name string, weights map[string]int) int {
	if w, ok := weights[name]; ok && w >= 0 {
		return w
	}
	return 1
}
