package harness

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Resolve makes every choice that the scenario leaves open. The same scenario,
// seed, trial and set of targets give the same plan, in any order of targets;
// another trial may choose other targets. targets are all replicas of the
// stack; trial counts from 1. Options say which faults may overlap on one
// replica and how much of a component may be hit at once.
//
// It refuses, with all problems joined: an invalid scenario, and as *FaultError
// a fault that matches nothing, a fault that could take the last replica of a
// component without mode all or more of it than the caps allow, and two faults
// that would be in effect on one replica at the same time and may not.
func Resolve(s Scenario, seed uint64, trial int, targets []Target, opts ...ResolveOption) (Plan, error) {
	if err := s.Validate(); err != nil {
		return Plan{}, fmt.Errorf("resolve scenario %q: %w", s.Name, err)
	}
	if trial < 1 {
		return Plan{}, fmt.Errorf("resolve scenario %q: want a trial from 1, saw %d", s.Name, trial)
	}
	r := resolver{all: slices.Clone(targets), overlap: anyOverlap}
	for _, opt := range opts {
		opt(&r)
	}
	if err := r.caps.Validate(); err != nil {
		return Plan{}, fmt.Errorf("resolve scenario %q: %w", s.Name, err)
	}
	slices.SortFunc(r.all, func(a, b Target) int { return cmp.Compare(a.Name, b.Name) })
	var problems []error
	for i, f := range s.Faults {
		injection, err := r.resolve(f, s.Stages.Disruption, source(s.Name, seed, trial, i))
		if err != nil {
			problems = append(problems, &FaultError{Index: i, Action: f.Action, Err: err})
			continue
		}
		r.planned = append(r.planned, injection)
	}
	if err := errors.Join(problems...); err != nil {
		return Plan{}, fmt.Errorf("resolve scenario %q: %w", s.Name, err)
	}
	return Plan{Schema: PlanSchema, Scenario: s, Seed: seed, Trial: trial, Injections: r.planned, Caps: r.caps}, nil
}

// source is the stream of random numbers of one fault. It must never change:
// a seed in an old report has to give the old plan.
func source(scenario string, seed uint64, trial, fault int) *rand.Rand {
	sum := sha256.Sum256(fmt.Appendf(nil, "fournines plan 1\x00%s\x00%d\x00%d\x00%d", scenario, seed, trial, fault))
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[0:]), binary.LittleEndian.Uint64(sum[8:])))
}

// resolver chooses the targets of one fault after the other.
type resolver struct {
	// all is sorted by name.
	all     []Target
	planned []PlannedInjection
	// overlap says why two actions may not be in effect on one replica.
	overlap func(held, wanted string) error
	caps    Caps
	// roles are by replica; nil while nobody asked the stack.
	roles map[string]Role
}

func (r *resolver) resolve(f FaultSpec, disruption time.Duration, rng *rand.Rand) (PlannedInjection, error) {
	p := PlannedInjection{Action: f.Action, At: f.At, Duration: f.Duration, Params: maps.Clone(f.Params)}
	if p.Duration == 0 {
		p.Duration = disruption - f.At
	}
	if f.Target == (TargetSpec{}) {
		return p, nil
	}
	matched := r.match(f.Target)
	if len(matched) == 0 {
		return p, f.Target.Matches(r.all)
	}
	free, err := r.free(f, p, matched)
	if err != nil {
		return p, err
	}
	if role := Mode(f.Target.Mode).role(); role != "" {
		if free, err = r.ofRole(role, free); err != nil {
			return p, err
		}
		if r.roles == nil { // who it is is asked right before the trial
			for _, t := range free {
				p.Open = append(p.Open, t.Name)
			}
			return p, r.bound(f, p, free, free[:1])
		}
	}
	chosen, err := f.Target.choose(free, rng)
	if err != nil {
		return p, err
	}
	if err := r.bound(f, p, free, chosen); err != nil {
		return p, err
	}
	for _, t := range chosen {
		p.Targets = append(p.Targets, t.Name)
	}
	return p, nil
}

func (r *resolver) match(spec TargetSpec) []Target {
	var matched []Target
	for _, t := range r.all {
		if spec.Component != "" && t.Component == spec.Component || t.Node != "" && slices.Contains(spec.nodes(), t.Node) {
			matched = append(matched, t)
		}
	}
	return matched
}

func names(targets []Target) string {
	list := make([]string, len(targets))
	for i, t := range targets {
		list[i] = t.Name
	}
	return strings.Join(list, ", ")
}
