package harness

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anySignals draws signals of every kind, about everybody, at any time.
func anySignals(t *rapid.T) []Signal {
	kinds := []Kind{
		Died, Paused, Unpaused, Started, Ready, NotReady, Registered, LeaseExpired, Deregistered,
		Ejected, Readmitted, Removed, Added, LBDown, LBUp, AlertPending, AlertFiring, AlertResolved, "new",
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Signal {
		return Signal{
			At:         time.Duration(rapid.Int64Range(0, int64(50*time.Second)).Draw(t, "at")),
			Resolution: time.Duration(rapid.Int64Range(0, int64(12*time.Second)).Draw(t, "resolution")),
			Source:     rapid.SampledFrom([]string{"registry", "gateway-1", "edge", "prometheus", "containers"}).Draw(t, "source"),
			Subject:    rapid.SampledFrom([]string{"", "catalog-1", "catalog-2", "catalog-3", "catalog", "b", "edge"}).Draw(t, "subject"),
			Kind:       rapid.SampledFrom(kinds).Draw(t, "kind"),
		}
	}), 0, 25).Draw(t, "signals")
}

// anyInjections draws one or two injections, with stamps in no order at all.
func anyInjections(t *rapid.T) []InjectionRecord {
	at := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(46*time.Second)).Draw(t, "at"))
	})
	n := rapid.IntRange(1, 2).Draw(t, "injections")
	var records []InjectionRecord
	for i := range n {
		records = append(records, InjectionRecord{
			Index: i, Action: "container-kill", Effective: true, Removed: true,
			Targets:  rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"catalog-1", "catalog-2", "catalog-3"}), 1, 3, rapid.ID).Draw(t, "targets"),
			InjectAt: at.Draw(t, "inject"), EffectiveAt: at.Draw(t, "effective"), RecoverAt: at.Draw(t, "recover"),
		})
	}
	return records
}

// anyFaulted draws the evidence of a trial with one or two faults.
func anyFaulted() *rapid.Generator[Evidence] {
	base := trialOf(killing(allLimits()), failing(11, 12, 2))
	return rapid.Custom(func(t *rapid.T) Evidence {
		ev := base
		ev.Signals, ev.Injections = anySignals(t), anyInjections(t)
		ev.Stack.Observers = rapid.SampledFrom([][]Sight{nil, {}, {{Source: "registry", Components: []string{"catalog"}}}}).Draw(t, "observers")
		return ev
	})
}

func TestPhasesAlwaysTelescope(t *testing.T) {
	drawn := anyFaulted()
	rapid.Check(t, func(t *rapid.T) { telescopes(t, Measure(drawn.Draw(t, "evidence")).Recovery) })
}

func TestPhasesTelescopeInEveryState(t *testing.T) {
	drawn := anyFaulted()
	met := map[string]bool{}
	for seed := range 200 {
		r := Measure(drawn.Example(seed)).Recovery
		telescopes(t, r)
		for _, note := range r.Notes {
			met["clamped"] = met["clamped"] || strings.HasSuffix(note, ": clamped")
		}
		for _, p := range append(slices.Clone(r.Phases), r.Total) {
			met[p.Name+" "+string(p.State)] = true
		}
	}
	for _, want := range []string{
		"clamped", "detection observed", "detection censored", "detection unobserved", "diagnosis censored", "diagnosis unobserved",
		"repair observed", "repair censored", "repair unobserved", "recovery observed", "recovery censored", "recovery unobserved",
	} {
		if !met[want] {
			t.Errorf("no drawn evidence came to %q: the property was not tried there", want)
		}
	}
}

// telescopes demands that the phases of r add up, whatever was observed.
func telescopes(t rapid.TB, r RecoveryTime) {
	t.Helper()
	if !r.Applies || len(r.Phases) != 4 {
		t.Fatalf("got %+v, want a time line of four phases", r)
	}
	var sum time.Duration
	for _, p := range r.Phases {
		sum += p.Length
		if p.Length < 0 || p.Resolution < 0 {
			t.Errorf("%s is negative: %+v", p.Name, p)
		}
	}
	for i, p := range r.Phases {
		if i > 0 && r.Phases[i-1].State != Seen && p.State == NotSeen && p.Length != 0 {
			t.Errorf("%s was not seen, like what goes before it, and has a length: %+v", p.Name, p)
		}
	}
	if d := r.Detection(); d.State == Seen != (r.Detected.State == Seen) || d.Length < 0 {
		t.Errorf("detection: got %+v of %+v", d, r.Detected)
	}
	if r.Recovered.State == Seen && (r.Recovered.Length < r.Total.Length || r.Restored.State != Seen || r.Total.State != Seen) {
		t.Errorf("recovered: got %+v although t6 is %+v and t5 %+v", r.Recovered, r.Total, r.Restored)
	}
	if sum != r.Total.Length {
		t.Errorf("the phases add up to %v, the recovery took %v", sum, r.Total.Length)
	}
	if r.Repaired.State == Seen && r.Repaired.Hi >= r.Effective.Hi && r.Total.Length != r.Repaired.Hi-r.Effective.Hi {
		t.Errorf("t6-t0 is %v, the recovery took %v", r.Repaired.Hi-r.Effective.Hi, r.Total.Length)
	}
	missing := map[string]StampState{DetectionPhase: r.Detected.State, DiagnosisPhase: r.Diagnosed.State, RepairPhase: r.Repaired.State}
	for _, p := range r.Phases {
		if state, ok := missing[p.Name]; ok && state != Seen && p.State == Seen {
			t.Errorf("%s ends at a stamp that was never seen", p.Name)
		}
	}
	for name, s := range map[string]Stamp{"t0": r.Effective, "t1": r.Impact, "t2": r.Detected, "t3": r.Diagnosed, "t4": r.Repaired, "t5": r.Restored} {
		if s.Lo > s.Hi {
			t.Errorf("%s: [%v, %v] is inverted", name, s.Lo, s.Hi)
		}
	}
}

func TestMeasureAndJudgeTakeAnyEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := killing(allLimits())
		s.Load.Rate = rapid.SampledFrom([]float64{0, -1, .1, 1, 50, 300, 1e9, math.Inf(1), math.NaN()}).Draw(t, "rate")
		s.SLO.Availability = rapid.SampledFrom([]float64{0, .5, .9999, 1, 2, -1, math.NaN()}).Draw(t, "availability")
		if rapid.Bool().Draw(t, "resting") {
			s.Faults = nil
		}
		ev := Evidence{Header: Header{Plan: Plan{Scenario: s}}}
		if rapid.Bool().Draw(t, "planned") {
			ev.Plan.Injections = []PlannedInjection{{Action: "container-kill", Targets: []string{"catalog-2"}}}
			ev.Injections = anyInjections(t)
		}
		at := func(label string) time.Duration {
			return time.Duration(rapid.Int64Range(-int64(time.Minute), int64(time.Hour)).Draw(t, label))
		}
		for _, stage := range rapid.SliceOfN(rapid.SampledFrom([]Stage{Steady, Baseline, Disruption, Recovery}), 0, 5).Draw(t, "stages") {
			ev.Stages = append(ev.Stages, StageRecord{stage, Window{at("from"), at("to")}})
		}
		for range rapid.IntRange(0, 6).Draw(t, "seconds") {
			sec := Second{At: at("second"), Classes: map[Class]int{NotSent: rapid.IntRange(-3, 50).Draw(t, "not sent")}}
			for i := range sec.Ticks {
				sec.Ticks[i] = Tick{rapid.IntRange(-3, 40).Draw(t, "n"), rapid.IntRange(-3, 60).Draw(t, "bad")}
			}
			ev.Seconds = append(ev.Seconds, sec)
		}
		for range rapid.IntRange(0, 4).Draw(t, "outages") {
			ev.Outages = append(ev.Outages, Outage{Window: Window{at("outage from"), at("outage to")}, Open: rapid.Bool().Draw(t, "open")})
		}
		ev.Signals = anySignals(t)
		ev.End.Reason = rapid.SampledFrom([]EndReason{Killed, Completed, Interrupted, Aborted, "new"}).Draw(t, "end")

		v := Judge(s, []Evidence{ev}, &BaselineRun{Trials: []Evidence{ev}})
		if _, err := json.Marshal(v); err != nil {
			t.Fatalf("the verdict holds something that is not a number: %v", err)
		}
		m := v.Trials[0]
		for name, f := range map[string]float64{
			"failed": m.FailedFraction, "slices": m.SliceDowntime.Availability,
			"outages": m.OutageDowntime.Availability, "shortfall": m.Generator.Shortfall,
		} {
			if !(f >= 0 && f <= 1) {
				t.Errorf("%s: got %g, want 0 to 1", name, f)
			}
		}
		if v.Outcome == Pass && m.Scheduled == 0 {
			t.Error("no traffic passed")
		}
		if v.Outcome == Pass && ev.End.Reason != Completed {
			t.Errorf("a trial that ended as %q passed", ev.End.Reason)
		}
		if v.Sentence == "" {
			t.Error("no sentence")
		}
	})
}
