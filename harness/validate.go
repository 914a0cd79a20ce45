package harness

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/fournines/fournines/harness/suggest"
)

// Bounds of a Scenario. They keep a slip of the pen from starting an endless
// or unmeasurable run.
const (
	// MaxRate is the highest LoadSpec.Rate, in requests per second.
	MaxRate = 100_000
	// MaxTimeout is the highest LoadSpec.Timeout: what a latency histogram
	// can hold.
	MaxTimeout = 2 * time.Minute
	// MaxStage is the longest single stage.
	MaxStage = 24 * time.Hour
	// MaxFault is the longest time that a fault may stay in effect. What holds
	// a fault lets go of it after an hour by its own clock, whatever it was
	// asked for; the minute is for proofs and for its removal.
	MaxFault = 59 * time.Minute
	// MaxTrials is the highest number of trials of one tier.
	MaxTrials = 1000
	// MaxName is the length of the longest name, label or class, in bytes.
	MaxName = 63
	// MaxHypothesis is the length of the longest hypothesis, in bytes.
	MaxHypothesis = 300
)

// kebab is the form of names, label keys and label values.
var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// FieldError is one thing that is wrong with a Scenario.
type FieldError struct {
	// Field is the path of the field: "load.rate", "faults[0].target.mode".
	Field string
	// Value is what was seen.
	Value any
	// Want says what was expected, as the end of "want ...".
	Want string
}

// Error names the field, what was expected and what was seen.
func (e *FieldError) Error() string {
	if s, ok := e.Value.(string); ok {
		return fmt.Sprintf("%s: want %s, saw %q", e.Field, e.Want, s)
	}
	return fmt.Sprintf("%s: want %s, saw %v", e.Field, e.Want, e.Value)
}

// Validate returns nil when the scenario can be resolved and run; otherwise
// all problems at once, joined, each a *FieldError. It does not know which
// actions and mixes exist: package spec and package fault do.
func (s Scenario) Validate() error {
	v := &validation{}
	v.check(isName(s.Name), "name", s.Name, fmt.Sprintf("lower-case words joined by hyphens, at most %d characters", MaxName))
	v.check(isSentence(s.Hypothesis), "hypothesis", s.Hypothesis, fmt.Sprintf("one sentence on one line, at most %d characters", MaxHypothesis))
	for _, key := range slices.Sorted(maps.Keys(s.Labels)) {
		field := "labels." + key
		v.check(isName(key), field, key, "a label of lower-case words joined by hyphens")
		v.check(len(s.Labels[key]) > 0, field, s.Labels[key], "at least one value")
		for _, value := range s.Labels[key] {
			v.check(isName(value), field, value, "a value of lower-case words joined by hyphens")
		}
	}
	if s.Stack != nil {
		s.Stack.validate(v)
	}
	s.Load.validate(v)
	s.Stages.validate(v, len(s.Faults) > 0)
	for i, f := range s.Faults {
		f.validate(v, fmt.Sprintf("faults[%d]", i), s.Stages.Disruption)
	}
	s.SLO.validate(v)
	s.Limits.validate(v)
	if s.Safety != nil {
		s.Safety.validate(v, len(s.Faults) > 0)
	}
	v.check(s.RiskClass == "" || isName(s.RiskClass), "risk.class", s.RiskClass, "a class of lower-case words joined by hyphens")
	for _, tier := range slices.Sorted(maps.Keys(s.Trials)) {
		n := s.Trials[tier]
		v.check(isName(tier), "trials."+tier, tier, "a tier such as pr, nightly or release")
		v.check(n >= 1 && n <= MaxTrials, "trials."+tier, n, fmt.Sprintf("1 to %d", MaxTrials))
	}
	return errors.Join(v.problems...)
}

func (l LoadSpec) validate(v *validation) {
	v.check(l.Rate > 0 && l.Rate <= MaxRate, "load.rate", l.Rate, fmt.Sprintf("more than 0 and at most %d requests per second", MaxRate))
	if l.URL == "" {
		v.check(isName(l.Mix), "load.mix", l.Mix, "the name of a mix such as browse, or load.url in its place")
		v.check(l.Expect == 0, "load.expect", l.Expect, "no status without a URL: a mix has its own")
	} else {
		v.check(l.Mix == "", "load.mix", l.Mix, "no mix beside a URL")
		u, err := url.Parse(l.URL)
		v.check(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil, "load.url", l.URL, "an http or https URL with a host, without a user name")
		v.check(l.Expect == 0 || l.Expect >= 100 && l.Expect <= 599, "load.expect", l.Expect, "0 (any of 200 to 299) or a status from 100 to 599")
	}
	v.check(l.Timeout > 0 && l.Timeout <= MaxTimeout, "load.timeout", l.Timeout, fmt.Sprintf("more than 0s and at most %s", MaxTimeout))
}

func (s Stages) validate(v *validation, faults bool) {
	within := func(d time.Duration) bool { return d >= 0 && d <= MaxStage }
	rangeText := fmt.Sprintf("0s to %s", MaxStage)
	v.check(within(s.Steady), "stages.steady", s.Steady, rangeText)
	v.check(within(s.Baseline), "stages.baseline", s.Baseline, rangeText)
	switch {
	case faults:
		v.check(s.Disruption > 0 && s.Disruption <= MaxStage, "stages.disruption", s.Disruption, fmt.Sprintf("more than 0s and at most %s, because there are faults", MaxStage))
		v.check(within(s.Recovery), "stages.recovery", s.Recovery, rangeText)
	default:
		v.check(s.Disruption == 0, "stages.disruption", s.Disruption, "0s, because there are no faults")
		v.check(s.Recovery == 0, "stages.recovery", s.Recovery, "0s, because there are no faults")
		v.check(s.Baseline != 0, "stages.baseline", s.Baseline, "more than 0s, because without faults nothing else is judged")
	}
}

func (f FaultSpec) validate(v *validation, field string, disruption time.Duration) {
	v.check(isName(f.Action), field+".action", f.Action, "the name of an action such as container-kill")
	f.Target.validate(v, field+".target", Targetless(f.Action))
	v.check(f.Duration >= 0, field+".duration", f.Duration, "0s (until the end of Disruption) or more")
	switch {
	case f.At < 0:
		v.add(field+".at", f.At, "0s or more, counted from the start of Disruption")
	case disruption > 0 && f.At >= disruption:
		v.add(field+".at", f.At, fmt.Sprintf("less than Disruption's %s: the fault would start after its end", disruption))
	case f.Duration > MaxFault:
		v.add(field+".duration", f.Duration, fmt.Sprintf("at most %s: nothing holds a fault for longer", MaxFault))
	case f.Duration == 0 && disruption-f.At > MaxFault:
		v.add(field+".duration", f.Duration, fmt.Sprintf("a duration of at most %s: without one the fault would last to the end of Disruption, and nothing holds one for so long", MaxFault))
	case disruption > 0 && f.Duration > disruption-f.At:
		v.add(field+".duration", f.Duration, fmt.Sprintf("at most %s: the fault would last beyond Disruption's %s", disruption-f.At, disruption))
	}
}

func (t TargetSpec) validate(v *validation, field string, optional bool) {
	if t == (TargetSpec{}) {
		if !optional {
			v.add(field, "", "a component or a node")
		}
		return
	}
	switch {
	case t.Component != "" && t.Node != "":
		v.add(field, t.Component+" and "+t.Node, "either a component or a node, not both")
	case t.Component == "" && t.Node == "":
		v.add(field, "", "a component or a node")
	}
	switch mode := Mode(t.Mode); {
	case !slices.Contains(Modes(), t.Mode):
		v.add(field+".mode", t.Mode, "one of "+strings.Join(Modes(), ", ")+suggest.DidYouMean(t.Mode, Modes()))
	case mode == Fixed:
		whole := t.Value >= 1 && t.Value <= math.MaxInt32 && t.Value == math.Trunc(t.Value)
		v.check(whole, field+".value", t.Value, "a whole number of replicas, at least 1")
	case mode.percent():
		v.check(t.Value > 0 && t.Value <= 100, field+".value", t.Value, "a percentage above 0 and up to 100")
	default:
		v.check(t.Value == 0, field+".value", t.Value, "no value with mode "+t.Mode)
	}
}

func (o SLO) validate(v *validation) {
	v.check(o.Availability > 0 && o.Availability < 1, "slo.availability", o.Availability, "a fraction above 0 and below 1 (no system can promise 100%)")
	v.check(o.LatencyBound >= 0, "slo.latency.bound", o.LatencyBound, "0s (no bound) or more")
	v.check(o.Burst == 0 || o.Burst >= 1 && !math.IsInf(o.Burst, 1), "slo.burst", o.Burst, "0 (not known) or a number from 1: how many requests one cause of failure costs at most")
	for _, q := range slices.Sorted(maps.Keys(o.LatencyQuantiles)) {
		field := "slo.latency." + q
		v.check(slices.Contains(Quantiles(), q), field, q, "one of "+strings.Join(Quantiles(), ", "))
		v.check(o.LatencyQuantiles[q] > 0, field, o.LatencyQuantiles[q], "more than 0s")
	}
	if o.Timeslices != nil {
		o.Timeslices.validate(v)
	}
}

func (l Limits) validate(v *validation) {
	if f := l.FailedFraction; f != nil {
		v.check(*f >= 0 && *f <= 1, "limits.failed", *f, "a fraction from 0 to 1")
	}
	for _, d := range []struct {
		field string
		limit *time.Duration
	}{
		{"limits.downtime", l.Downtime},
		{"limits.detection", l.Detection},
		{"limits.diagnosis", l.Diagnosis},
		{"limits.repair", l.Repair},
		{"limits.recovery", l.Recovery},
		{"limits.rpo", l.RPO},
		{"limits.verifiedRestore", l.VerifiedRestore},
		{"limits.scaleOut", l.ScaleOut},
	} {
		if d.limit != nil {
			v.check(*d.limit >= 0, d.field, *d.limit, "0s or more")
		}
	}
	for _, c := range []struct {
		field string
		limit *int
	}{
		{"limits.lostWrites", l.LostWrites},
		{"limits.duplicatedWrites", l.DuplicatedWrites},
		{"limits.phantomWrites", l.PhantomWrites},
	} {
		if c.limit != nil {
			v.check(*c.limit >= 0, c.field, *c.limit, "0 or more")
		}
	}
}

// validation collects problems.
type validation struct{ problems []error }

func (v *validation) check(ok bool, field string, saw any, want string) {
	if !ok {
		v.add(field, saw, want)
	}
}

func (v *validation) add(field string, saw any, want string) {
	v.problems = append(v.problems, &FieldError{Field: field, Value: saw, Want: want})
}

func isName(s string) bool { return len(s) <= MaxName && kebab.MatchString(s) }

func isSentence(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= MaxHypothesis && !strings.ContainsFunc(s, unicode.IsControl)
}
