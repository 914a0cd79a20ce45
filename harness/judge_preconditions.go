package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of a healthy load generator (docs: beyond them the numbers are about
// the generator and not about the stack).
const (
	maxShortfall = 0.01
	maxLagP99    = 50 * time.Millisecond
)

// preconditions returns why the trial is no evidence: one Invalid finding per
// code, in a fixed order; none when it is sound.
func preconditions(t judged) []Finding {
	reasons := &reasons{details: map[Code][]string{}}
	for _, p := range t.ev.Problems {
		code := p.Code
		if code == "" {
			code = HarnessError
		}
		reasons.add(code, p.Detail)
	}
	unended(reasons, t)
	uninjected(reasons, t)
	underloaded(reasons, t)
	if gaps := missingSeconds(t.ev); len(gaps) > 0 {
		reasons.add(TelemetryGap, fmt.Sprintf("%s of the run left no record, the first at %s",
			plural(len(gaps), "second"), formatDuration(gaps[0])))
	}
	return reasons.findings(t)
}

// unended asks whether the trial came to its end.
func unended(r *reasons, t judged) {
	switch end := t.ev.End; end.Reason {
	case Completed:
	case Interrupted:
		r.add(InterruptedRun, "the trial was interrupted after "+formatDuration(end.At)+because(end.Detail))
	case Killed:
		r.add(InterruptedRun, "the trial has no end: fournines was killed while it ran")
	default:
		if len(t.ev.Problems) == 0 && end.Code != SafetyStop {
			r.add(HarnessError, fmt.Sprintf("the trial ended as %q after %s%s", end.Reason, formatDuration(end.At), because(end.Detail)))
		}
	}
}

func because(detail string) string {
	if detail == "" {
		return ""
	}
	return ": " + detail
}

// uninjected asks whether every planned fault took effect and is gone. What
// the engine has reported itself is not repeated.
func uninjected(r *reasons, t judged) {
	for i, planned := range t.ev.Plan.Injections {
		at := slices.IndexFunc(t.ev.Injections, func(in InjectionRecord) bool { return in.Index == i })
		name := fmt.Sprintf("%s (injection %d)", planned.Action, i+1)
		if at < 0 {
			if !r.has(SteadyStateNotMet) && !r.has(UnsupportedFault) && !r.has(BlastRadius) && t.ev.End.Code == "" {
				r.once(FaultNotEffective, name+" was planned and never injected")
			}
			continue
		}
		in := t.ev.Injections[at]
		if !in.Effective && t.ev.End.Code != SafetyLever && !r.has(UnsupportedFault) {
			r.once(FaultNotEffective, name+" was not seen in effect"+because(in.Error))
		}
		if lasted := in.RecoverAt - in.EffectiveAt; in.Effective && t.ev.End.Reason == Completed && lasted < leastEffect(planned.Duration) {
			r.once(FaultNotEffective, fmt.Sprintf("%s was in effect for %s of the planned %s: it took that long to inject it",
				name, formatDuration(max(0, lasted)), formatDuration(planned.Duration)))
		}
		if !in.Removed && (in.Effective || in.InjectedAt > 0) {
			r.once(FaultNotRemoved, name+" was not seen removed"+because(in.Error))
		}
	}
}

// leastEffect is how long a fault has to be in effect for its trial to have
// tested what it says: half of the time that was planned.
func leastEffect(planned time.Duration) time.Duration { return planned / 2 }

// underloaded asks whether the stack was asked what the plan says.
func underloaded(r *reasons, t judged) {
	g := t.m.Generator
	length := t.m.Judged.Length()
	if len(t.ev.Plan.Injections) == 0 {
		length -= 2 * TickWidth // a Baseline leaves out the ticks at its edges
	}
	planned := plannedEvents(t.ev, length)
	switch {
	case t.m.Scheduled == 0:
		r.add(ZeroEvents, "no request was sent in the judged time")
	case g.Shortfall > maxShortfall:
		r.add(LoadShortfall, fmt.Sprintf("%s of the planned requests were not sent (at most %s may be missing)",
			formatPercent(g.Shortfall), exactPercent(maxShortfall)))
	case float64(t.m.Scheduled) < (1-maxShortfall)*float64(planned):
		r.add(LoadShortfall, fmt.Sprintf("%s were sent in the judged time, %s were planned (at most %s may be missing)",
			plural(t.m.Scheduled, "request"), formatCount(planned), exactPercent(maxShortfall)))
	}
	if g.LagP99 > maxLagP99 {
		r.add(GeneratorSaturated, fmt.Sprintf("the load generator sent 1 %% of the requests %s or more behind schedule (at most %s): this machine is too slow or too busy",
			formatDuration(g.LagP99), formatDuration(maxLagP99)))
	}
}

// missingSeconds returns the starts of the whole seconds of load that left no
// record although others before and after did, or load should have run.
func missingSeconds(ev Evidence) []time.Duration {
	if len(ev.Seconds) == 0 {
		return nil // ZERO_EVENTS says so
	}
	have := map[time.Duration]bool{}
	for _, s := range ev.Seconds {
		have[s.At.Truncate(time.Second)] = true
	}
	run := loadWindow(ev)
	last := min(run.To, lastSecondEnd(ev))
	if ev.End.Reason == Completed {
		// After the last event no more seconds are opened.
		last = run.To - 2*eventGap(ev.Plan.Scenario.Load.Rate)
	}
	var missing []time.Duration
	for at := run.From.Truncate(time.Second); at+time.Second <= last && len(missing) < 1000; at += time.Second {
		if at >= run.From && !have[at] {
			missing = append(missing, at)
		}
	}
	return missing
}

// reasons gathers details by code in the order of their first appearance.
type reasons struct {
	order   []Code
	details map[Code][]string
}

func (r *reasons) has(code Code) bool { return len(r.details[code]) > 0 }

func (r *reasons) add(code Code, detail string) {
	if !r.has(code) {
		r.order = append(r.order, code)
	}
	if !slices.Contains(r.details[code], detail) {
		r.details[code] = append(r.details[code], detail)
	}
}

// once adds a detail unless the code is known already.
func (r *reasons) once(code Code, detail string) {
	if !r.has(code) {
		r.add(code, detail)
	}
}

// maxDetails bounds how many details of one code are spelled out.
const maxDetails = 3

func (r *reasons) findings(t judged) []Finding {
	var findings []Finding
	for _, code := range r.order {
		details := r.details[code]
		if n := len(details); n > maxDetails {
			details = append(slices.Clone(details[:maxDetails]), fmt.Sprintf("and %d more", n-maxDetails))
		}
		findings = append(findings, Finding{
			Check: "trial", Trial: t.number, Outcome: Invalid, Code: code,
			Reason: sentence(strings.Join(details, "; ")),
			Needs:  invalidNeeds(code, t),
		})
	}
	return findings
}
