package harness

// judgeSafety fails a trial whose faults did so much harm that they were taken
// back before their time. It needs no sound load: what was seen was seen. ok
// is false when the trial was not given up.
func judgeSafety(s Scenario, t judged) (f Finding, ok bool) {
	if t.ev.End.Code != SafetyStop {
		return Finding{}, false
	}
	limit := s.SafetyStop()
	return Finding{
		Check: "safety", Trial: t.number, Stage: Disruption, Subject: targetsOf(t.ev),
		Outcome: Fail, Code: SafetyStop,
		Limit:      "≤ " + exactPercent(limit.Bad) + " bad for " + formatDuration(limit.For),
		LimitValue: number(limit.Bad),
		Reason:     sentence("the fault was taken back before its time" + because(t.ev.End.Detail)),
	}, true
}
