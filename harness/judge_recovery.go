package harness

import (
	"fmt"
	"slices"
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
		if r := t.m.Recovery; r.Applies {
			f = c.judge(f, r, *c.limit)
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
	if r.Detected.State != Seen {
		return judgePhase(f, r, limit, "the fault was detected after %s", "the fault was not detected")
	}
	t0, t2 := r.Effective, r.Detected
	return judgeDuration(f, max(0, t2.Hi-t0.Hi), max(t0.Hi-t0.Lo, t2.Hi-t2.Lo), limit,
		fmt.Sprintf("the fault was detected after %%s by %s", stampSource(t2)))
}

func judgeDiagnosis(f Finding, r RecoveryTime, limit time.Duration) Finding {
	return judgePhase(f, r, limit, "the faulted part was named %s after the detection", "the faulted part was not named")
}

func judgeRepair(f Finding, r RecoveryTime, limit time.Duration) Finding {
	return judgePhase(f, r, limit, "the repair took %s", "the faulted part was not repaired")
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

func judgeState(f Finding, p Phase, limit time.Duration, clause, missing string) Finding {
	switch p.State {
	case Seen:
		return judgeDuration(f, p.Length, p.Resolution, limit, clause)
	case Censored:
		f.Measured, f.MeasuredValue = "> "+formatDuration(p.Length), number(p.Length.Seconds())
		if p.Length >= limit {
			withLimit(&f, limit)
			f.Outcome, f.Code = Fail, NotRecovered
			f.Reason = sentence(fmt.Sprintf("%s within %s, the limit is %s", missing, formatDuration(p.Length), formatDuration(limit)))
			return f
		}
		return unobserved(f, limit, fmt.Sprintf("%s within %s, when the time line ended; the limit is %s",
			missing, formatDuration(p.Length), formatDuration(limit)))
	default:
		return unobserved(f, limit, "the "+f.Check+" was not observed: no source reported it")
	}
}

// judgeTotal judges t6-t0, and beside it when users were served again: a
// repair that leaves requests failing beyond the limit is no recovery.
func judgeTotal(f Finding, r RecoveryTime, limit time.Duration) Finding {
	// In both states Lo is the last moment at which service was down.
	if down := r.Restored.Lo - r.Effective.Hi; r.Restored.State != NotSeen && down > limit {
		f.Measured, f.MeasuredValue = "> "+formatDuration(down), number(down.Seconds())
		withLimit(&f, limit)
		f.Outcome, f.Code = Fail, LimitExceeded
		if r.Restored.State == Censored {
			f.Code = NotRecovered
		}
		f.Reason = sentence(fmt.Sprintf("users were still not served %s after the fault, the limit is %s", formatDuration(down), formatDuration(limit)))
		return f
	}
	return judgeState(f, r.Total, limit, "recovery took %s", "the platform did not recover by itself")
}

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
	stamp := map[string]Stamp{
		DetectionPhase: r.Detected, DiagnosisPhase: r.Diagnosed, RepairPhase: r.Repaired, TotalPhase: r.Data,
	}[phase]
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
