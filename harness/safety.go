package harness

import (
	"errors"
	"fmt"
	"time"
)

// Safety is how much harm the faults of a trial may do before it is given up:
// they are taken back at once, and the scenario fails.
type Safety struct {
	// Bad is the share of bad requests, in (0,1], that is exceeded in every
	// second for For, which counts in whole seconds, started ones as whole.
	Bad float64       `json:"bad,omitempty"`
	For time.Duration `json:"forNs,omitempty"`
	// Off lets the trial go on whatever happens; Bad and For are 0 then.
	Off bool `json:"off,omitempty"`
}

// What holds where a scenario declares no Safety.
const (
	safetyBad = .5
	// safetyFor comes on top of the outage that the limits allow.
	safetyFor = 3 * time.Second
)

// SafetyStop is when a trial of s is given up: as declared, else when more
// than half of the requests fail for 3 s longer than the limits allow. An
// outage is allowed for as long as neither the limit of downtime nor that of
// failed requests is exceeded; where there is neither, for the limit of
// recovery.
func (s Scenario) SafetyStop() Safety {
	if s.Safety != nil {
		return *s.Safety
	}
	return Safety{Bad: safetyBad, For: (s.allowedOutage() + safetyFor).Truncate(time.Second)}
}

// allowedOutage is how long more than half of the requests may fail within
// the limits.
func (s Scenario) allowedOutage() time.Duration {
	allowed, limited := MaxStage, false
	if d := s.Limits.Downtime; d != nil {
		allowed, limited = min(allowed, *d), true
	}
	if f := s.Limits.FailedFraction; f != nil {
		window := s.Stages.Disruption + s.Stages.Recovery
		allowed, limited = min(allowed, time.Duration(*f/safetyBad*float64(window))), true
	}
	switch {
	case limited:
		return allowed
	case s.Limits.Recovery != nil:
		return *s.Limits.Recovery
	}
	return 0
}

func (s *Safety) validate(v *validation, faults bool) {
	v.check(faults, "safety", "a safety stop", "none, because there are no faults")
	if s.Off {
		v.check(s.Bad == 0 && s.For == 0, "safety", s.Bad, "no limits beside off")
		return
	}
	v.check(s.Bad > 0 && s.Bad <= 1, "safety.bad", s.Bad, "a fraction above 0 and up to 1")
	v.check(s.For > 0 && s.For <= MaxStage, "safety.for", s.For, fmt.Sprintf("more than 0s and at most %s", MaxStage))
}

// exceeded says what harm is beyond the limit in the last seconds since from;
// "" when it is not. A second without requests takes no side: it ends the run
// of bad ones.
func (s Safety) exceeded(seconds []Second, from time.Duration) string {
	need := int((s.For + time.Second - 1) / time.Second)
	if s.Off || need < 1 || len(seconds) < need {
		return ""
	}
	var harm counts
	for _, second := range seconds[len(seconds)-need:] {
		c := countsOf(second)
		if second.At+time.Second <= from || c.scheduled == 0 || c.fraction() <= s.Bad {
			return ""
		}
		harm.bad, harm.scheduled = harm.bad+c.bad, harm.scheduled+c.scheduled
	}
	return fmt.Sprintf("%s failed within %s under the fault, more than %s in every second: the safety limit",
		harm, plural(need, "second"), exactPercent(s.Bad))
}

func countsOf(s Second) (c counts) {
	for _, tick := range s.Ticks {
		c.bad, c.scheduled = c.bad+tick.Bad, c.scheduled+tick.Scheduled
	}
	return c
}

// errSafety ends a disruption that did more harm than the scenario allows.
var errSafety = errors.New("safety stop")

// checkHarm returns errSafety when the active faults do too much harm.
func (t *trial) checkHarm() error {
	from := t.active[0].InjectAt
	what := t.plan.Scenario.SafetyStop().exceeded(t.rec.look().Evidence.Seconds, from)
	if what == "" {
		return nil
	}
	t.end = End{Reason: Aborted, Code: SafetyStop, Detail: what}
	t.report("safety stop: " + what)
	return errSafety
}
