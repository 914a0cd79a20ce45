package harness

import "fmt"

// judgeAvailability says how the promise of the SLO fared while a fault was in
// effect and after it, in all sound trials together. It decides nothing: the
// promise is about the year, and what one injection may cost is what limits
// are for. ok is false without faults, without requests, and without an
// objective over requests: a share of time slices is no share of requests.
func judgeAvailability(s Scenario, sound []judged) (f Finding, ok bool) {
	if len(s.Faults) == 0 || !(s.SLO.Availability > 0) || s.SLO.Timeslices != nil {
		return Finding{}, false
	}
	var c counts
	for _, t := range sound {
		c.add(t.m)
	}
	if c.scheduled == 0 {
		return Finding{}, false
	}
	promised, good := s.SLO.Availability, 1-c.fraction()
	f = Finding{
		Check: "availability", Stage: Disruption, Advisory: true, Outcome: Pass, Subject: targetsOf(sound[0].ev),
		Measured: percentBeside(good, promised), MeasuredValue: number(good),
		Limit: "≥ " + exactPercent(promised), LimitValue: number(promised),
	}
	how := "as promised"
	if c.fraction() > (1-promised)*(1+1e-9) {
		f.Outcome, f.Code = Fail, ErrorRatioHigh
		how = "less than the promised " + exactPercent(promised)
	}
	decides := "no limit on failed requests is set"
	if l := s.Limits.FailedFraction; l != nil {
		decides = fmt.Sprintf("what decides is the limit of %s failed requests", exactPercent(*l))
	}
	f.Reason = fmt.Sprintf("Under the fault and after it %s of the requests were good, %s; that is not held against an injection: %s.",
		f.Measured, how, decides)
	return f, true
}
