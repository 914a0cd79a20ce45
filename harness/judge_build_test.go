package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// This file builds the evidence of trials that never ran. The usual one is a
// sound trial of a scenario with one fault, 300 requests per second:
//
//	0 s steady, 5 s baseline, 10 s disruption, 30 s recovery, 45 s end
//	10.1 s catalog-2 dies, 10.3 s ejected, 12.5 s lease expired
//	30.0 s the harness starts it again, 30.5 s ready
const testRate = 300

// change is one thing that makes a trial unusual.
type change func(*Evidence)

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func ptr[T any](v T) *T { return &v }

// killing is the scenario of the usual trial.
func killing(limits Limits) Scenario {
	return Scenario{
		Name: "catalog-replica-kill", Hypothesis: "killing one of three catalog replicas costs readers nothing",
		Load:   LoadSpec{Rate: testRate, Mix: "browse", Timeout: time.Second},
		Stages: Stages{Steady: seconds(5), Baseline: seconds(5), Disruption: seconds(20), Recovery: seconds(15)},
		Faults: []FaultSpec{{Action: "container-kill", Target: TargetSpec{Component: "catalog", Mode: "one"}}},
		SLO:    SLO{Availability: .9999},
		Limits: limits,
	}
}

// allLimits are limits that the usual trial keeps.
func allLimits() Limits {
	return Limits{
		FailedFraction: ptr(.0001), Downtime: ptr(100 * time.Millisecond),
		Detection: ptr(2 * time.Second), Diagnosis: ptr(2 * time.Second),
		Repair: ptr(5 * time.Second), Recovery: ptr(10 * time.Second),
	}
}

// trialOf is the usual trial of s with changes.
func trialOf(s Scenario, changes ...change) Evidence {
	ev := Evidence{Header: Header{
		Schema: EvidenceSchema, RunID: "r1",
		Plan:  Plan{Schema: PlanSchema, Scenario: s, Trial: 1},
		Stack: StackInfo{Kind: "inproc", Targets: replicas3()},
	}}
	var at time.Duration
	for _, st := range []struct {
		stage  Stage
		length time.Duration
	}{{Steady, s.Stages.Steady}, {Baseline, s.Stages.Baseline}, {Disruption, s.Stages.Disruption}, {Recovery, s.Stages.Recovery}} {
		if st.length > 0 {
			ev.Stages = append(ev.Stages, StageRecord{st.stage, Window{at, at + st.length}})
			at += st.length
		}
	}
	ev.End = End{Reason: Completed, At: at}
	latency, lag := histogramOf(20*time.Millisecond), histogramOf(time.Millisecond)
	for from := time.Duration(0); from < at; from += time.Second {
		sec := Second{At: from, Latency: latency, Lag: lag, CPU: 100 * time.Millisecond}
		for i := range sec.Ticks {
			sec.Ticks[i].Scheduled = int(s.Load.Rate / float64(TicksPerSecond))
		}
		ev.Seconds = append(ev.Seconds, sec)
	}
	if len(s.Faults) > 0 {
		killed(&ev)
	}
	for _, c := range changes {
		c(&ev)
	}
	return ev
}

func replicas3() []Target {
	return []Target{
		{"catalog-1", "catalog", "a"}, {"catalog-2", "catalog", "b"}, {"catalog-3", "catalog", "c"},
		{"edge", "edge", ""},
	}
}

func histogramOf(d time.Duration) slo.Histogram {
	var h slo.Histogram
	for range 100 {
		h.Record(d)
	}
	return h
}

// killed adds the fault of the usual trial.
func killed(ev *Evidence) {
	ev.Plan.Injections = []PlannedInjection{{Action: "container-kill", Targets: []string{"catalog-2"}, Duration: seconds(20)}}
	ev.Injections = []InjectionRecord{{
		Action: "container-kill", Fault: `container-kill "catalog-2"`, Targets: []string{"catalog-2"},
		InjectAt: seconds(10), InjectedAt: seconds(10.12), EffectiveAt: seconds(10.15), Effective: true,
		RecoverAt: seconds(30), RemovedAt: seconds(30.4), Removed: true,
	}}
	ev.Signals = []Signal{
		signalAt(10.1, .01, "containers", "catalog-2", Died),
		signalAt(10.3, .05, "gateway-1", "catalog-2", Ejected),
		signalAt(12.5, .1, "registry", "catalog-2", LeaseExpired),
		signalAt(17, 1, "prometheus", "catalog-2", AlertFiring),
		signalAt(30.3, .01, "containers", "catalog-2", Started),
		signalAt(30.5, .1, "containers", "catalog-2", Ready),
	}
}

func signalAt(at, resolution float64, source, subject string, kind Kind) Signal {
	return Signal{At: seconds(at), Resolution: seconds(resolution), Source: source, Subject: subject, Kind: kind}
}

// failing makes every n-th event bad in the ticks of [from, to) and records
// what was lost as one outage when all were bad.
func failing(from, to float64, every int) change {
	return func(ev *Evidence) {
		w := Window{seconds(from), seconds(to)}
		bad := 0
		for i := range ev.Seconds {
			s := &ev.Seconds[i]
			for j := range s.Ticks {
				if at := s.At + time.Duration(j)*TickWidth; w.Contains(at) {
					n := s.Ticks[j].Scheduled / every
					s.Ticks[j].Bad, bad = n, bad+n
					s.Classes = map[Class]int{Refused: s.Classes[Refused] + n}
				}
			}
		}
		if every == 1 {
			ev.Outages = append(ev.Outages, Outage{Window: w, Bad: bad, Example: "refused: connection refused"})
		}
	}
}

// failed makes k single requests of the tick at from bad.
func failed(from float64, k int) change {
	return func(ev *Evidence) {
		at := seconds(from)
		s := &ev.Seconds[at/time.Second]
		s.Ticks[at%time.Second/TickWidth].Bad += k
		s.Classes = map[Class]int{Reset: s.Classes[Reset] + k}
		gap := time.Second / testRate
		ev.Outages = append(ev.Outages, Outage{Window: Window{at, at + time.Duration(k)*gap}, Bad: k, Example: "reset: broken"})
	}
}

// fewer takes n scheduled events away from the start of the time at from.
func fewer(from float64, n int) change {
	return func(ev *Evidence) {
		for i := range ev.Seconds {
			for j := range ev.Seconds[i].Ticks {
				t := &ev.Seconds[i].Ticks[j]
				if ev.Seconds[i].At >= seconds(from) && n > 0 {
					take := min(n, t.Scheduled)
					t.Scheduled, n = t.Scheduled-take, n-take
				}
			}
		}
	}
}

// silenced removes all signals of the given kinds.
func silenced(kinds ...Kind) change {
	return func(ev *Evidence) {
		var kept []Signal
		for _, s := range ev.Signals {
			drop := false
			for _, k := range kinds {
				drop = drop || s.Kind == k
			}
			if !drop {
				kept = append(kept, s)
			}
		}
		ev.Signals = kept
	}
}

// resting is a scenario without faults whose Baseline lasts for length.
func resting(availability float64, length time.Duration) Scenario {
	return Scenario{
		Name: "steady-state", Hypothesis: "without a fault the stack keeps its promise",
		Load:   LoadSpec{Rate: testRate, Mix: "browse", Timeout: time.Second},
		Stages: Stages{Steady: seconds(5), Baseline: length},
		SLO:    SLO{Availability: availability},
	}
}

// find returns the first finding of a check.
func find(v Verdict, check string) Finding {
	for _, f := range v.Findings {
		if f.Check == check {
			return f
		}
	}
	return Finding{}
}

// invalidCodes lists the codes of the Invalid findings, in order.
func invalidCodes(v Verdict) []Code {
	var codes []Code
	for _, f := range v.Findings {
		if f.Outcome == Invalid {
			codes = append(codes, f.Code)
		}
	}
	return codes
}
