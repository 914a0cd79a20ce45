package slo

import (
	"cmp"
	"slices"
	"time"
)

// Curve is the share of trials that has not recovered yet, as it falls over
// time: one Step for each time at which some did.
type Curve []Step

// Step is one fall of a Curve.
type Step struct {
	At time.Duration
	// AtRisk are the trials that were still waited for just before At, and
	// Reached those of them that recovered at At.
	AtRisk, Reached int
	// Left is the share that has not recovered right after At, in [0,1].
	Left float64
}

// KaplanMeier is the product-limit estimate of a Curve (Kaplan and Meier,
// 1958): S(t) = prod over t_i <= t of 1 - d_i/n_i. A trial censored at a time
// was still at risk at that time. Of no trials the curve is empty.
func KaplanMeier(trials []Observation) Curve {
	var curve Curve
	left := 1.0
	for _, g := range group(trials) {
		if g.reached == 0 {
			continue
		}
		left *= float64(g.atRisk-g.reached) / float64(g.atRisk)
		curve = append(curve, Step{At: g.at, AtRisk: g.atRisk, Reached: g.reached, Left: left})
	}
	return curve
}

// Median is the first time at which at most half of the trials are left; ok is
// false, and the time Never, when that was not reached.
func (c Curve) Median() (at time.Duration, ok bool) {
	for _, step := range c {
		if step.Left <= .5+1e-12 { // the product of shares rounds
			return step.At, true
		}
	}
	return Never, false
}

// MeanUpTo is the restricted mean survival time: the mean time to recover of
// trials that each count limit at most, the area under the curve up to limit
// (Irwin, 1949). An empty curve means that none recovered: limit. A limit of 0
// or less is 0.
func (c Curve) MeanUpTo(limit time.Duration) time.Duration {
	if limit <= 0 {
		return 0
	}
	area, left, from := 0.0, 1.0, time.Duration(0)
	for _, step := range c {
		if step.At >= limit {
			break
		}
		area += left * float64(step.At-from)
		left, from = step.Left, step.At
	}
	return rounded(area + left*float64(limit-from))
}

// risk are the trials that end at one time.
type risk struct {
	at              time.Duration
	atRisk, reached int
}

// group counts trials by the time at which they end, in order.
func group(trials []Observation) []risk {
	sorted := slices.SortedFunc(slices.Values(trials), func(a, b Observation) int { return cmp.Compare(a.After, b.After) })
	var groups []risk
	for i := 0; i < len(sorted); {
		g := risk{at: sorted[i].After, atRisk: len(sorted) - i}
		for ; i < len(sorted) && sorted[i].After == g.at; i++ {
			if !sorted[i].Censored {
				g.reached++
			}
		}
		groups = append(groups, g)
	}
	return groups
}
