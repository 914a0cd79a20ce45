package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// judgeRecovery holds the recovery time and its phases to their limits.
func judgeRecovery(l Limits, t judged) []Finding {
	var findings []Finding
	for _, c := range []struct {
		phase string
		limit *time.Duration
		judge func(Finding, RecoveryTime, time.Duration) Finding
	}{
		{DetectionPhase, l.Detection, judgeDetection},
		{DiagnosisPhase, l.Diagnosis, judgeDiagnosis},
		{RepairPhase, l.Repair, judgeRepair},
		{TotalPhase, l.Recovery, judgeTotal},
	} {
		if c.limit == nil {
			continue
		}
		f := Finding{Check: c.phase}
		r := t.m.Recovery
		if !r.Applies && c.phase == DetectionPhase {
			r = clientsNoticed(t)
		}
		if r.Applies {
			f = blinded(c.judge(f, r, *c.limit), r, *c.limit)
			f.Evidence = signalRefs(t.ev, r, c.phase)
		} else {
			f = unobserved(f, *c.limit, "no fault took effect on a target: there is no "+c.phase+" to judge")
		}
		findings = append(findings, f)
	}
	return findings
}

// judgeDetection judges the stamp and not the phase, which ends at the repair
// at the latest: a detection that came after it was still that late.
func judgeDetection(f Finding, r RecoveryTime, limit time.Duration) Finding {
	if r.Detected.State == NotSeen && r.Detected.Detail != "" {
		f.Needs = "a stack whose monitoring can notice it, such as --stack docker"
		return unobserved(f, limit, r.Detected.Detail+": whether it would be noticed cannot be told")
	}
	return judgeState(f, r.Detection(), limit, "the fault was detected %s by "+plainPercent(stampSource(r.Detected)), "the fault was not detected")
}

func judgeDiagnosis(f Finding, r RecoveryTime, limit time.Duration) Finding {
	missing := "the faulted part was not named"
	if r.Misnamed.State == Seen {
		missing += fmt.Sprintf(" (%s %s, wrong)", r.Misnamed.Source, r.misname())
	}
	if r.Diagnosed.State == NotSeen && r.Diagnosed.Detail != "" {
		return unobserved(f, limit, r.Diagnosed.Detail+": who would name it cannot be told")
	}
	return judgePhase(f, r, limit, "the faulted part was named %s, counted from the detection", missing)
}

func judgeRepair(f Finding, r RecoveryTime, limit time.Duration) Finding {
	if r.Diagnosed.State != Seen && r.Repaired.State != NotSeen {
		return unobserved(f, limit, "nobody was seen to name the faulted part, so that there is nothing to count the repair from")
	}
	return judgePhase(f, r, limit, "the repair came %s, counted from the diagnosis", "the faulted part was not repaired")
}

// judgePhase judges one phase by its state; missing is what did not happen
// when it is censored.
func judgePhase(f Finding, r RecoveryTime, limit time.Duration, clause, missing string) Finding {
	i := slices.IndexFunc(r.Phases, func(p Phase) bool { return p.Name == f.Check })
	if i < 0 {
		return unobserved(f, limit, "the "+f.Check+" was not observed")
	}
	return judgeState(f, r.Phases[i], limit, clause, missing)
}

// judgeState judges a phase by its state. clause has one %s for "after 2.2 s
// (±0.1 s)" or, when it cannot be told from nothing, "within 52 ms".
func judgeState(f Finding, p Phase, limit time.Duration, clause, missing string) Finding {
	switch p.State {
	case Seen:
		return judgeSpan(f, p, limit, clause)
	case Censored:
		f.Measured, f.MeasuredValue = "> "+formatDuration(p.Length), number(p.Length.Seconds())
		if p.Length >= limit {
			withLimit(&f, limit)
			f.Outcome, f.Code = Fail, NotRecovered
			f.Reason = sentence(fmt.Sprintf("%s within %s, the limit is %s", missing, formatDuration(p.Length), formatDuration(limit)))
			return f
		}
		f.Needs = "a fault that lasts longer than the limit"
		return unobserved(f, limit, fmt.Sprintf("%s within %s, when the time line ended; the limit is %s",
			missing, formatDuration(p.Length), formatDuration(limit)))
	default:
		return unobserved(f, limit, "the "+f.Check+" was not observed: no source reported it")
	}
}

// plainPercent lets foreign text be part of a format.
func plainPercent(s string) string { return strings.ReplaceAll(s, "%", "%%") }

// stampSource is "gateway-1 (ejected catalog-2)".
func stampSource(s Stamp) string {
	if s.Detail == "" {
		return s.Source
	}
	return s.Source + " (" + s.Detail + ")"
}

// signalRefs points at the signal that ended a phase, counted from 1 in the
// order of the evidence.
func signalRefs(ev Evidence, r RecoveryTime, phase string) []string {
	stamp := r.stampOf(phase)
	if stamp.State != Seen {
		return nil
	}
	for i, s := range ev.Signals {
		if s.At == stamp.Hi && s.Source == stamp.Source {
			return []string{fmt.Sprintf("signal %d", i+1)}
		}
	}
	return nil
}
