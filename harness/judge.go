package harness

// Confidence is the one-sided confidence of every statistical claim.
const Confidence = 0.95

// Judge says what the trials of one scenario prove. It is pure: it depends on
// its arguments alone and changes none of them.
//
// Every trial is first asked whether it is evidence at all; one that is not
// gives Invalid findings, one per reason, and its numbers are shown in Trials
// but held against nobody. The others are held to the scenario's Limits and
// latency quantiles, each trial for itself; under a tier (Terms.Tier) what a
// single trial missed is evidence about all injections, and these decide (see
// injections). Without faults the requests of all Baselines together are held
// to the SLO's availability at Confidence; with faults the same statement is
// advisory, and so is what the availability came to under the fault. The
// outcome is the worst finding that is not advisory, and Inconclusive when
// there is none.
//
// With a baseline the trials are compared with it, and that decides too (see
// regressions). b is that baseline; when it is nil it is the one that the run
// named before it began (Terms.Baseline), if it did.
func Judge(s Scenario, trials []Evidence, b *BaselineRun) Verdict {
	v := Verdict{
		Schema: VerdictSchema, Scenario: s.Name, Hypothesis: s.Hypothesis,
		Findings: []Finding{}, Trials: []Measurement{},
	}
	if field := noNumber(s); field != "" {
		for _, ev := range trials {
			v.Trials = append(v.Trials, Measure(ev))
		}
		v.Findings = append(v.Findings, unjudgeable(field))
		v.Outcome = Invalid
		v.Sentence = verdictSentence(s, v, nil)
		return v
	}
	var sound []judged
	for i, ev := range trials {
		t := judged{number: ev.Plan.Trial, ev: ev, m: Measure(ev)}
		if t.number < 1 {
			t.number = i + 1
		}
		v.Trials = append(v.Trials, t.m)
		if f, ok := judgeSafety(s, t); ok {
			t.findings = append(t.findings, f)
		}
		if invalid := preconditions(t); len(invalid) > 0 {
			v.Findings = append(append(v.Findings, t.findings...), invalid...)
			continue
		}
		t.findings = append(t.findings, judgeLimits(s, t)...)
		v.Findings = append(v.Findings, gating(t.ev.Terms, t.findings)...)
		sound = append(sound, t)
	}
	v.Findings = append(v.Findings, overall(s, trials, sound)...)
	if with := comparedWith(s, trials, b); with != nil {
		v.Findings = append(v.Findings, regressions(s, *with, sound)...)
	}
	if len(trials) > 0 {
		v.RunID, v.Stack = trials[0].RunID, trials[0].Stack
	}
	v.Outcome = decide(v.Findings)
	v.Sentence = verdictSentence(s, v, sound)
	return v
}

// judged is one trial on its way through Judge.
type judged struct {
	number   int
	ev       Evidence
	m        Measurement
	findings []Finding
}

// stage is where the judged window of the trial begins.
func (t judged) stage() Stage {
	if len(t.ev.Plan.Injections) > 0 {
		return Disruption
	}
	return Baseline
}

// decide is the worst outcome of the findings that are not advisory.
func decide(findings []Finding) Outcome {
	var gating []Outcome
	for _, f := range findings {
		if !f.Advisory {
			gating = append(gating, f.Outcome)
		}
	}
	return Worst(gating...)
}

// overall are the findings about all trials together.
func overall(s Scenario, trials []Evidence, sound []judged) []Finding {
	if len(trials) == 0 {
		return []Finding{{
			Check: "trial", Outcome: Inconclusive, Code: NoEvidence,
			Reason: "There is no evidence: no trial was recorded.",
			Needs:  "a run of the scenario",
		}}
	}
	var findings []Finding
	if !hasObjectives(s) {
		findings = append(findings, Finding{
			Check: "trial", Outcome: Inconclusive, Code: NoObjectives,
			Reason: "The scenario states no limit that could be missed.",
			Needs:  noObjectivesNeeds(s),
		})
	}
	promise := steadyState
	if s.SLO.Timeslices != nil {
		promise = steadySlices
	}
	if f, ok := promise(s, sound); ok {
		findings = append(findings, f)
	}
	if f, ok := judgeAvailability(s, sound); ok {
		findings = append(findings, f)
	}
	if f, ok := injections(s, sound); ok {
		findings = append(findings, f)
	}
	return findings
}

// hasObjectives reports whether anything in the scenario can decide.
func hasObjectives(s Scenario) bool {
	l := s.Limits
	limits := l.FailedFraction != nil || l.Downtime != nil || l.Detection != nil || l.Diagnosis != nil ||
		l.Repair != nil || l.Recovery != nil || l.LostWrites != nil || l.DuplicatedWrites != nil || l.PhantomWrites != nil || l.RPO != nil ||
		l.VerifiedRestore != nil || l.ScaleOut != nil
	return limits || len(s.SLO.LatencyQuantiles) > 0 || len(s.Faults) == 0 && s.SLO.Availability > 0
}

func noObjectivesNeeds(s Scenario) string {
	if len(s.Faults) > 0 {
		return "limits in the scenario, such as limits: {failed: 0.01%, recovery: 10s}"
	}
	return "an objective in the scenario, such as slo: {availability: 99.99%}"
}
