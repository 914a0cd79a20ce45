package harness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// phase is a Phase without its resolution, in seconds.
type phase struct {
	Name   string
	State  StampState
	Length float64
}

func phasesOf(r RecoveryTime) []phase {
	var ps []phase
	for _, p := range append(slices.Clone(r.Phases), r.Total) {
		ps = append(ps, phase{p.Name, p.State, p.Length.Seconds()})
	}
	return ps
}

func withSignals(signals ...Signal) change {
	return func(ev *Evidence) {
		ev.Signals = append([]Signal{signalAt(10.1, .01, "containers", "catalog-2", Died)}, signals...)
	}
}

func TestPhasesOfTheTimeLine(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []change
		want    []phase
		note    string
	}{
		{"the gateway ejects, the lease expires", nil,
			[]phase{{"detection", Seen, .2}, {"diagnosis", Seen, 0}, {"repair", Seen, 2.2}, {"data", Seen, 0}, {"recovery", Seen, 2.4}}, noteMasked},
		{"an alert that names nobody detects and does not diagnose", []change{withSignals(
			signalAt(11, 0, "prometheus", "", AlertFiring), signalAt(12, 0, "gateway-1", "catalog-2", Ejected), signalAt(14, 0, "registry", "catalog-2", LeaseExpired))},
			[]phase{{"detection", Seen, .9}, {"diagnosis", Seen, 1}, {"repair", Seen, 2}, {"data", Seen, 0}, {"recovery", Seen, 3.9}}, ""},
		{"the component's name is a diagnosis", []change{withSignals(
			signalAt(11, 0, "prometheus", "gateway", AlertFiring), signalAt(12, 0, "prometheus", "catalog", AlertFiring), signalAt(14, 0, "registry", "catalog-2", LeaseExpired))},
			[]phase{{"detection", Seen, .9}, {"diagnosis", Seen, 1}, {"repair", Seen, 2}, {"data", Seen, 0}, {"recovery", Seen, 3.9}}, ""},
		{"the node's name is a diagnosis", []change{withSignals(
			signalAt(11, 0, "prometheus", "b", AlertFiring), signalAt(14, 0, "registry", "catalog-2", LeaseExpired))},
			[]phase{{"detection", Seen, .9}, {"diagnosis", Seen, 0}, {"repair", Seen, 3}, {"data", Seen, 0}, {"recovery", Seen, 3.9}}, ""},
		{"another replica's name is none, so diagnosis cannot be told from repair", []change{withSignals(
			signalAt(11, 0, "gateway-1", "catalog-1", Ejected), signalAt(14, 0, "containers", "catalog-2", Ready))},
			[]phase{{"detection", Seen, .9}, {"diagnosis", Censored, 3}, {"repair", NotSeen, 0}, {"data", Seen, 0}, {"recovery", Seen, 3.9}}, ""},
		{"the repair of another replica is none", []change{withSignals(
			signalAt(11, 0, "gateway-1", "catalog-2", Ejected), signalAt(14, 0, "registry", "catalog-1", LeaseExpired), signalAt(15, 0, "containers", "catalog", Ready))},
			[]phase{{"detection", Seen, .9}, {"diagnosis", Seen, 0}, {"repair", Censored, 19}, {"data", NotSeen, 0}, {"recovery", Censored, 19.9}}, noteByHarness},
		{"it healed itself and nothing noticed", []change{withSignals(signalAt(11.1, 0, "containers", "catalog-2", Ready))},
			[]phase{{"detection", Censored, 1}, {"diagnosis", NotSeen, 0}, {"repair", NotSeen, 0}, {"data", Seen, 0}, {"recovery", Seen, 1}}, noteUndetected},
		{"what the harness repaired is not the platform's doing", []change{silenced(LeaseExpired)},
			[]phase{{"detection", Seen, .2}, {"diagnosis", Seen, 0}, {"repair", Censored, 19.7}, {"data", NotSeen, 0}, {"recovery", Censored, 19.9}}, noteByHarness},
		{"what was noticed after the fault was removed came too late", []change{withSignals(signalAt(31, 0, "prometheus", "catalog-2", AlertFiring))},
			[]phase{{"detection", Censored, 19.9}, {"diagnosis", NotSeen, 0}, {"repair", NotSeen, 0}, {"data", NotSeen, 0}, {"recovery", Censored, 19.9}}, noteByHarness},
		{"what was seen before the fault is not about it", []change{withSignals(
			signalAt(9, 0, "gateway-1", "catalog-2", Ejected), signalAt(9.5, 0, "registry", "catalog-2", LeaseExpired), signalAt(12.1, 0, "edge", "catalog-2", LBDown))},
			[]phase{{"detection", Seen, 2}, {"diagnosis", Seen, 0}, {"repair", Seen, 0}, {"data", Seen, 0}, {"recovery", Seen, 2}}, ""},
		{"a detection after the repair is clamped and said", []change{withSignals(
			signalAt(12.1, 0, "gateway-1", "catalog-2", Removed), signalAt(15.1, 0, "prometheus", "catalog-2", AlertFiring))},
			[]phase{{"detection", Seen, 2}, {"diagnosis", Seen, 0}, {"repair", Seen, 0}, {"data", Seen, 0}, {"recovery", Seen, 2}}, "detection was seen 3 s after the repair: clamped"},
		{"a replica that says goodbye was noticed by that", []change{withSignals(
			signalAt(10.05, .01, "registry", "catalog-2", Deregistered), signalAt(10.06, 0, "gateway-1", "catalog-2", Removed))},
			[]phase{{"detection", Seen, 0}, {"diagnosis", Seen, 0}, {"repair", Seen, 0}, {"data", Seen, 0}, {"recovery", Seen, 0}}, noteMasked},
		{"only the life of the process is known", []change{withSignals(signalAt(30.3, 0, "containers", "catalog-2", Started))},
			[]phase{{"detection", NotSeen, 0}, {"diagnosis", NotSeen, 0}, {"repair", NotSeen, 0}, {"data", NotSeen, 0}, {"recovery", NotSeen, 0}}, noteUnwatched},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Measure(trialOf(killing(Limits{}), c.changes...)).Recovery
			if diff := cmp.Diff(c.want, phasesOf(r)); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
			if c.note != "" && !slices.Contains(r.Notes, c.note) {
				t.Errorf("notes: got %q, want %q among them", r.Notes, c.note)
			}
		})
	}
}

func TestTimeLineAppliesToEffectiveFaultsWithTargets(t *testing.T) {
	for name, c := range map[string]change{
		"noop":            func(ev *Evidence) { ev.Injections[0].Action = NoopAction },
		"no target":       func(ev *Evidence) { ev.Injections[0].Targets = nil },
		"not effective":   func(ev *Evidence) { ev.Injections[0].Effective = false },
		"not injected":    func(ev *Evidence) { ev.Injections = nil },
		"nothing at all":  func(ev *Evidence) { *ev = Evidence{} },
		"no fault at all": func(ev *Evidence) { *ev = trialOf(resting(.9999, time.Second)) },
	} {
		t.Run(name, func(t *testing.T) {
			if r := Measure(trialOf(killing(Limits{}), c)).Recovery; r.Applies || r.Phases != nil || r.Notes != nil {
				t.Errorf("got %+v, want nothing", r)
			}
		})
	}
}

func TestEffectIsBoundedByWhoeverNoticesFirst(t *testing.T) {
	for _, c := range []struct {
		name   string
		signal Signal
		lo, hi float64
	}{
		{"seen to die", signalAt(10.1, .01, "containers", "catalog-2", Died), 10, 10.1},
		{"the end of the process is exact", signalAt(10.1, .01, "containers", "catalog-2", Exited), 10.09, 10.1},
		{"exact, but not before Inject was called", signalAt(10.05, .2, "containers", "catalog-2", Exited), 10, 10.05},
		{"seen to stop", signalAt(10.1, .01, "containers", "catalog-2", Paused), 10, 10.1},
		{"a gateway is quicker than the engine", signalAt(10.05, .001, "gateway-1", "catalog-2", Ejected), 10, 10.05},
		{"reported after Await", signalAt(10.2, .1, "containers", "catalog-2", Died), 10, 10.15},
		{"another replica's death", signalAt(10.1, .01, "containers", "catalog-1", Died), 10, 10.15},
		{"a later death", signalAt(11, .01, "containers", "catalog-2", Died), 10, 10.15},
		{"another kind of signal", signalAt(10.1, .01, "containers", "catalog-2", NotReady), 10, 10.15},
	} {
		t.Run(c.name, func(t *testing.T) {
			ev := trialOf(killing(Limits{}), func(ev *Evidence) { ev.Signals = []Signal{c.signal} })
			got := Measure(ev).Recovery.Effective
			if got.State != Seen || (got.Lo-seconds(c.lo)).Abs() > 1 || (got.Hi-seconds(c.hi)).Abs() > 1 {
				t.Errorf("got %s [%v, %v], want [%g, %g]", got.State, got.Lo, got.Hi, c.lo, c.hi)
			}
		})
	}
}

func TestSeveralFaultsAreOneTimeLine(t *testing.T) {
	two := func(ev *Evidence) {
		ev.Plan.Injections[0].Targets = []string{"catalog-1", "catalog-2"}
		ev.Injections[0].Targets = []string{"catalog-1", "catalog-2"}
		ev.Signals = append(ev.Signals, signalAt(14.1, .5, "registry", "catalog-1", LeaseExpired))
	}
	if r := Measure(trialOf(killing(Limits{}), two)).Recovery; r.Total.State != Seen || r.Total.Length != seconds(4) {
		t.Errorf("two targets: got %+v, want until the last was repaired after 4 s", r.Total)
	}
	half := func(ev *Evidence) { two(ev); ev.Signals = ev.Signals[:len(ev.Signals)-1] }
	if r := Measure(trialOf(killing(Limits{}), half)).Recovery; r.Total.State != Censored {
		t.Errorf("one of two repaired: got %+v, want censored", r.Total)
	}
	later := func(ev *Evidence) {
		in := ev.Injections[0]
		in.Index, in.Targets = 1, []string{"catalog-3"}
		in.InjectAt, in.InjectedAt, in.EffectiveAt = seconds(20), seconds(20.1), seconds(20.2)
		ev.Injections = append(ev.Injections, in)
		ev.Signals = append(ev.Signals, signalAt(15, 0, "registry", "catalog-3", LeaseExpired), signalAt(22.1, 0, "registry", "catalog-3", LeaseExpired))
	}
	if r := Measure(trialOf(killing(Limits{}), later)).Recovery; r.Effective.Hi != seconds(10.1) || r.Total.Length != seconds(12) {
		t.Errorf("two injections: got t0 %v and %+v, want from the first effect to the last repair", r.Effective.Hi, r.Total)
	}
	first := func(ev *Evidence) {
		later(ev)
		ev.Injections[0].Targets, ev.Injections[0].RecoverAt = []string{"catalog-1"}, seconds(13)
		ev.Signals = append(ev.Signals[:5:5], ev.Signals[7:]...)
	}
	if r := Measure(trialOf(killing(Limits{}), first)).Recovery; r.Repaired.State != Censored || r.Total.State != Censored {
		t.Errorf("the first target was repaired by the harness: got %+v, want censored although the second was", r.Total)
	}
}

func TestPagerAndUsersHaveTheirOwnView(t *testing.T) {
	r := Measure(trialOf(killing(Limits{}), failing(10.5, 11, 1))).Recovery
	if r.Paged.State != Seen || r.Paged.Hi != seconds(17) || r.Detected.Hi != seconds(10.3) {
		t.Errorf("paged %v, detected %v; want 17s, 10.3s", r.Paged, r.Detected)
	}
	if r.Impact.State != Seen || r.Impact.Hi != seconds(10.5) || r.Impact.Lo >= r.Impact.Hi {
		t.Errorf("impact: got %+v, want just before 10.5 s", r.Impact)
	}
	if slices.Contains(r.Notes, noteMasked) || !slices.Contains(r.Notes, noteRerouted) {
		t.Errorf("notes: got %q", r.Notes)
	}
	r = Measure(trialOf(killing(Limits{}), silenced(AlertFiring), failing(6, 6.5, 1))).Recovery
	if r.Paged.State != NotSeen || r.Impact.State != NotSeen {
		t.Errorf("got paged %s, impact %s; want both unobserved", r.Paged.State, r.Impact.State)
	}
	over := func(ev *Evidence) { ev.Outages = []Outage{{Window: Window{seconds(9.95), seconds(9.99)}, Bad: 9}} }
	if r := Measure(trialOf(killing(Limits{}), over)).Recovery; r.Impact.State != NotSeen {
		t.Errorf("an outage that was over when the fault came: got %+v, want no impact", r.Impact)
	}
	r = Measure(trialOf(killing(Limits{}), failing(9.9, 10.4, 1))).Recovery
	if r.Impact.State != Seen || r.Impact.Hi != r.Effective.Lo {
		t.Errorf("requests under way when the fault came: got %+v, want at the fault", r.Impact)
	}
}

func TestRestoredIsTheStartOfTheFirstGoodHold(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []change
		state   StampState
		lo, hi  float64
	}{
		{"nothing was ever down", nil, Seen, 10, 10.1},
		{"down for two seconds", []change{failing(10.2, 12.2, 1)}, Seen, 12.1, 12.2},
		{"stray failures are not down", []change{failing(10.2, 44, 30)}, Seen, 10, 10.1},
		{"a relapse within the hold starts it anew", []change{failing(10.2, 12, 1), failing(18, 19, 2)}, Seen, 18.9, 19},
		{"a relapse after the hold does so too while the fault is in effect", []change{failing(10.2, 12, 1), failing(23, 24, 1)}, Seen, 23.9, 24},
		{"a relapse after the fault was removed does not", []change{failing(10.2, 12, 1), failing(31, 32, 1)}, Seen, 11.9, 12},
		{"the trial ended within the hold", []change{failing(10.2, 36, 1)}, Censored, 35.9, 45},
		{"it ended exactly with the hold", []change{failing(10.2, 35, 1)}, Seen, 34.9, 35},
		{"down until the end", []change{failing(10.2, 45, 1)}, Censored, 44.9, 45},
		{"no request after the fault", []change{fewer(10, 1<<20)}, NotSeen, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Measure(trialOf(killing(Limits{}), c.changes...)).Recovery.Restored
			if got.State != c.state || (got.Lo-seconds(c.lo)).Abs() > 1 || (got.Hi-seconds(c.hi)).Abs() > 1 {
				t.Errorf("got %s [%v, %v], want %s [%g, %g]", got.State, got.Lo, got.Hi, c.state, c.lo, c.hi)
			}
		})
	}
}

func TestEverySignalKeepsItsSource(t *testing.T) {
	r := Measure(trialOf(killing(Limits{}))).Recovery
	for _, s := range []struct {
		stamp        Stamp
		source, says string
	}{
		{r.Effective, "containers", "died catalog-2"},
		{r.Detected, "gateway-1", "ejected catalog-2"},
		{r.Repaired, "registry", "lease-expired catalog-2"},
		{r.Paged, "prometheus", "alert-firing catalog-2"},
	} {
		if s.stamp.Source != s.source || !strings.Contains(s.stamp.Detail, s.says) {
			t.Errorf("got %s (%s), want %s (%s)", s.stamp.Source, s.stamp.Detail, s.source, s.says)
		}
	}
}
