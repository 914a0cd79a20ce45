package matchers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/onsi/gomega/types"
)

// RecoverWithin succeeds when every trial recovered within limit: the sum of
// the recovery phases, from the fault's effect to the stack whole again, was
// observed and is at most limit. Of a harness.Verdict it looks at all trials;
// it accepts a harness.Measurement and a []harness.Measurement as well.
func RecoverWithin(limit time.Duration) types.GomegaMatcher {
	return phaseWithin("recover", harness.TotalPhase, limit, func(r harness.RecoveryTime) (harness.Phase, bool) {
		return r.Total, r.Total.Name != "" || r.Total.State != ""
	})
}

// DetectWithin succeeds when in every trial the platform or its monitoring
// noticed the fault at most limit after it took effect. It accepts what
// RecoverWithin accepts.
func DetectWithin(limit time.Duration) types.GomegaMatcher {
	return phaseWithin("detect the fault", harness.DetectionPhase, limit, func(r harness.RecoveryTime) (harness.Phase, bool) {
		for _, p := range r.Phases {
			if p.Name == harness.DetectionPhase {
				return p, true
			}
		}
		return harness.Phase{}, false
	})
}

// LoseAtMost succeeds when in every trial at most the given fraction, in
// [0,1], of the scheduled requests failed. It accepts what RecoverWithin
// accepts.
func LoseAtMost(fraction float64) types.GomegaMatcher {
	return eachTrial(fmt.Sprintf("lose at most %s of the requests", percent(fraction)), func(m harness.Measurement) (bool, string, error) {
		switch {
		case !(fraction >= 0 && fraction <= 1):
			return false, "", fmt.Errorf("want a fraction from 0 to 1, saw %v", fraction)
		case m.Scheduled == 0:
			return false, "", errors.New("no request was scheduled, so nothing is known about losses")
		}
		lost := float64(m.Bad) / float64(m.Scheduled)
		line := fmt.Sprintf("%d of %d requests failed (%s)", m.Bad, m.Scheduled, percent(lost))
		if classes := classList(m.Classes); classes != "" {
			line += ": " + classes
		}
		return lost <= fraction, line, nil
	})
}

// phaseWithin compares one phase of every trial with its limit.
func phaseWithin(verb, name string, limit time.Duration, phase func(harness.RecoveryTime) (harness.Phase, bool)) types.GomegaMatcher {
	return eachTrial(fmt.Sprintf("%s within %s", verb, limit), func(m harness.Measurement) (bool, string, error) {
		if !m.Recovery.Applies {
			return false, "", fmt.Errorf("no fault took effect, so there is no %s to time", name)
		}
		p, ok := phase(m.Recovery)
		switch {
		case !ok, p.State == harness.NotSeen:
			return false, "", fmt.Errorf("%s was not observed: that is not 0, and an observer of it is needed", name)
		case p.State == harness.Censored && p.Length < limit:
			return false, "", fmt.Errorf("%s had not happened when the trial ended %s after the fault took effect: a longer Recovery stage is needed to tell", name, p.Length)
		case p.State == harness.Censored:
			return false, fmt.Sprintf("%s had not happened after %s", name, p.Length), nil
		}
		line := fmt.Sprintf("%s took %s (±%s)", name, p.Length, p.Resolution)
		if p.Length > limit {
			line += fmt.Sprintf(", %s more", p.Length-limit)
		}
		if notes := m.Recovery.Notes; len(notes) > 0 {
			line += "\n  noted: " + strings.Join(notes, "; ")
		}
		return p.Length <= limit, line, nil
	})
}

// eachTrial makes a matcher of a check of one trial.
func eachTrial(wish string, check func(harness.Measurement) (ok bool, line string, err error)) types.GomegaMatcher {
	return &matcher{wish: wish, check: func(actual any) (answer, error) {
		subject, trials, err := trialsOf(actual)
		if err != nil {
			return answer{}, err
		}
		a := answer{ok: true, subject: subject, advice: "look at the time line of the trials named above; fournines judge shows it again from the saved evidence"}
		var unknown []error
		for _, m := range trials {
			ok, line, err := check(m)
			if err != nil {
				unknown = append(unknown, fmt.Errorf("trial %d: %w", m.Trial, err))
				continue
			}
			line = fmt.Sprintf("trial %d: %s", m.Trial, line)
			if ok {
				a.hits = append(a.hits, line)
			} else {
				a.ok, a.misses = false, append(a.misses, line)
			}
		}
		// One trial that misses is a miss, whatever the others would say.
		if a.ok && len(unknown) > 0 {
			return answer{}, fmt.Errorf("not known of %s: %w", subject, errors.Join(unknown...))
		}
		return a, nil
	}}
}

// trialsOf returns the measurements that actual holds: at least one, none of
// them from an invalid trial.
func trialsOf(actual any) (subject string, trials []harness.Measurement, err error) {
	switch a := actual.(type) {
	case harness.Measurement:
		return "the stack", []harness.Measurement{a}, nil
	case []harness.Measurement:
		subject, trials = "the stack", a
	default:
		v, err := verdictOf(actual)
		if err != nil {
			return "", nil, fmt.Errorf("want a harness.Verdict, a harness.Measurement or a list of them, saw a %T", actual)
		}
		for _, f := range v.Findings {
			if f.Outcome == harness.Invalid && !f.Advisory {
				return "", nil, fmt.Errorf("%s has no sound evidence: %s", scenario(v), cause(f))
			}
		}
		subject, trials = scenario(v), v.Trials
	}
	if len(trials) == 0 {
		return "", nil, fmt.Errorf("%s has no trial: nothing is known", subject)
	}
	return subject, trials, nil
}
