package harness

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// onBuild gives a trial the identity of a run.
func onBuild(build string) change {
	return func(ev *Evidence) {
		ev.Tool = ToolInfo{Version: "devel", Go: "go1.26", Build: build}
		ev.Environment = map[string]string{"cores": "2"}
		ev.Stack.Versions = map[string]string{"platform-image": "sha256:1"}
	}
}

func endsAs(end EndReason) change { return func(ev *Evidence) { ev.End.Reason = end } }

func TestCarry(t *testing.T) {
	s := killing(allLimits())
	calm := Scenario{Name: "calm", Load: LoadSpec{Rate: testRate}, Stages: Stages{Steady: seconds(2), Baseline: seconds(10)}, SLO: SLO{Availability: .99}}
	own := onBuild("sha256:a")
	overloaded := func(ev *Evidence) { ev.Problems = []Problem{{Code: TelemetryGap}} }
	named := func(name string) change { return func(ev *Evidence) { ev.Plan.Scenario.Name = name } }
	edit := func(f func(*Scenario)) change { return func(ev *Evidence) { f(&ev.Plan.Scenario) } }
	trials := func(s Scenario, all ...[]change) []Evidence {
		var run []Evidence
		for _, changes := range all {
			run = append(run, trialOf(s, append([]change{own}, changes...)...))
		}
		return run
	}
	for _, c := range []struct {
		rule string
		s    Scenario
		run  []Evidence
		want Carried
		left string
	}{
		{"every injection of a run of this build counts", s, trials(s, nil, []change{failing(10, 12, 1)}, nil),
			Carried{RunID: "r1", Injections: 3, Exceeding: 1}, ""},
		{"and so does every request without a fault, with its episodes", calm, trials(calm, []change{failing(4, 4.1, 1)}, nil),
			Carried{RunID: "r1", Requests: 6000, Bad: 30, BadSeconds: 1, Episodes: []int{30}}, ""},
		{"an injection that cannot be told is unclear", s, trials(s, []change{func(ev *Evidence) { ev.Signals = nil }}),
			Carried{RunID: "r1", Injections: 1, Unclear: 1}, ""},
		{"one that was taken back for safety exceeds", s, trials(s, []change{func(ev *Evidence) { ev.End = End{Reason: Aborted, Code: SafetyStop, At: ev.End.At} }}),
			Carried{RunID: "r1", Injections: 1, Exceeding: 1}, ""},
		{"an invalid trial is left out of its run", s, trials(s, nil, []change{overloaded}),
			Carried{RunID: "r1", Injections: 1}, ""},
		{"a run of nothing else contributes nothing", s, trials(s, []change{overloaded}), Carried{}, LeftUnsound},
		{"a killed trial takes its whole run with it", s, trials(s, nil, []change{endsAs(Killed)}), Carried{}, LeftCutShort},
		{"an interrupted one too, even one of another scenario", s, trials(s, nil, []change{named("other"), endsAs(Interrupted)}), Carried{}, LeftCutShort},
		{"a run without the scenario is not spoken of", s, trials(s, []change{named("other")}), Carried{}, ""},
		{"another executable is another build", s, trials(s, []change{onBuild("sha256:b")}), Carried{}, LeftOtherBuild},
		{"another image is another build", s, trials(s, []change{func(ev *Evidence) { ev.Stack.Versions = map[string]string{"platform-image": "sha256:2"} }}), Carried{}, LeftOtherBuild},
		{"one more replica is another build", s, trials(s, []change{func(ev *Evidence) { ev.Stack.Targets = ev.Stack.Targets[1:] }}), Carried{}, LeftOtherBuild},
		{"a build without a digest is none that can be told", s, trials(s, []change{onBuild("")}), Carried{}, LeftUnknownBuild},
		{"another machine is another question", s, trials(s, []change{func(ev *Evidence) { ev.Environment = map[string]string{"cores": "4"} }}), Carried{}, LeftOtherMachine},
		{"another kind of stack too", s, trials(s, []change{func(ev *Evidence) { ev.Stack.Kind = "docker" }}), Carried{}, LeftOtherMachine},
		{"other limits ask another question", s, trials(s, []change{edit(func(s *Scenario) { s.Limits.Recovery = nil })}), Carried{}, LeftOtherText},
		{"another length does, with a fault", s, trials(s, []change{edit(func(s *Scenario) { s.Stages.Recovery += seconds(1) })}), Carried{}, LeftOtherText},
		{"and does not without one", calm, trials(calm, []change{edit(func(s *Scenario) { s.Stages.Baseline += seconds(1) })}),
			Carried{RunID: "r1", Requests: 3000}, ""},
		{"another wording does not", s, trials(s, []change{edit(func(s *Scenario) { s.Hypothesis, s.Source, s.Labels = "so", "x.yaml", nil })}),
			Carried{RunID: "r1", Injections: 1}, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			now := trialOf(c.s, own).Header
			got, left := Carry(now, c.run)
			if left != c.left {
				t.Errorf("left out %q, want %q", left, c.left)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("carried (-want +got):\n%s", diff)
			}
		})
	}
}

// What is carried is the evidence at which a run stopped. Its largest evidence
// on the way would claim what it saw and did not keep.
func TestCarriedEvidenceIsThatAtWhichTheRunStopped(t *testing.T) {
	s := Scenario{Name: "calm", Load: LoadSpec{Rate: testRate}, Stages: Stages{Steady: seconds(2), Baseline: seconds(20)}, SLO: SLO{Availability: .999}}
	ev := trialOf(s, onBuild("sha256:a"), failed(20, 1)) // clean until shortly before its end
	c, left := Carry(ev.Header, []Evidence{ev})
	if left != "" {
		t.Fatal(left)
	}
	own := newSteadyProcess(s, []Evidence{ev})
	stopped := own.test.Stopped()
	carrying := newSteadyProcess(s, []Evidence{{Header: Header{Plan: ev.Plan, Terms: Terms{Carried: []Carried{c}}}}})
	pass, fail := carrying.test.LogE()
	if pass != stopped.LogPass || fail != stopped.LogFail {
		t.Errorf("a later run starts at %g and %g, want %g and %g: where this one stopped", pass, fail, stopped.LogPass, stopped.LogFail)
	}
	if most, _ := own.test.LogMaxE(); !(most > pass) {
		t.Errorf("largest evidence %g, at the end %g: this run kept all it saw and proves nothing here", most, pass)
	}
}

func TestEnoughTrials(t *testing.T) {
	s := killing(allLimits())
	missing := []change{failing(10, 12, 1)}
	unclear := []change{func(ev *Evidence) { ev.Signals = nil }}
	invalid := []change{func(ev *Evidence) { ev.Problems = []Problem{{Code: TelemetryGap}} }}
	harmful := []change{func(ev *Evidence) { ev.End = End{Reason: Aborted, Code: SafetyStop, At: ev.End.At} }}
	clean := []change{}
	for _, c := range []struct {
		rule    string
		terms   Terms
		planned int
		trials  [][]change
		want    string // how it begins
	}{
		{"before the first trial nothing is known", Terms{Tier: "pr"}, 11, nil, ""},
		{"four clean ones do not prove pr", Terms{Tier: "pr"}, 11, slices.Repeat([][]change{clean}, 4), ""},
		{"five do", Terms{Tier: "pr"}, 11, slices.Repeat([][]change{clean}, 5), "evidence reached: tier pr holds, 5 of 5 injections"},
		{"four do with one of last night", Terms{Tier: "pr", Carried: []Carried{{RunID: "r0", Injections: 1}}}, 11, slices.Repeat([][]change{clean}, 4), "evidence reached: tier pr holds"},
		{"five do not prove nightly", Terms{Tier: "nightly"}, 27, slices.Repeat([][]change{clean}, 5), ""},
		{"nor pr when one cannot be told", Terms{Tier: "pr"}, 11, append(slices.Repeat([][]change{clean}, 4), unclear), ""},
		{"an invalid one proves nothing", Terms{Tier: "pr"}, 11, append(slices.Repeat([][]change{clean}, 4), invalid), ""},
		{"six that miss a limit refute pr", Terms{Tier: "pr"}, 11, slices.Repeat([][]change{missing}, 6), "evidence reached: tier pr is missed, 0 of 6 injections"},
		{"what cannot be told refutes nothing", Terms{Tier: "pr"}, 11, slices.Repeat([][]change{unclear}, 6), "futile"},
		{"with too few left it is futile", Terms{Tier: "pr"}, 5, append(slices.Repeat([][]change{clean}, 3), missing), "futile: tier pr cannot be decided any more with 1 trial left"},
		{"a number that was too small from the start is a choice", Terms{Tier: "nightly"}, 5, slices.Repeat([][]change{clean}, 4), ""},
		{"without a tier every trial is wanted", Terms{}, 50, slices.Repeat([][]change{clean}, 40), ""},
		{"but for a safety stop", Terms{}, 50, [][]change{harmful}, "a safety stop"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var trials []Evidence
			for _, changes := range c.trials {
				ev := trialOf(s, changes...)
				ev.Terms = c.terms
				trials = append(trials, ev)
			}
			got := EnoughTrials(s, trials, c.planned)
			if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEnoughTrialsWithoutAFault(t *testing.T) {
	s := Scenario{Name: "calm", Load: LoadSpec{Rate: testRate}, Stages: Stages{Steady: seconds(2), Baseline: seconds(20)}, SLO: SLO{Availability: .999}}
	one := []change{failed(10, 1)}
	for _, c := range []struct {
		rule    string
		planned int
		trials  [][]change
		want    string
	}{
		{"a Baseline that decides is enough", 3, [][]change{nil}, enoughHolds},
		{"one that shows the opposite too", 3, [][]change{{failing(5, 20, 10)}}, enoughRefuted},
		{"one with a failure wants another", 3, [][]change{one}, ""},
		{"but not when another cannot help", 1, [][]change{one}, futile},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var trials []Evidence
			for _, changes := range c.trials {
				trials = append(trials, trialOf(s, changes...))
			}
			if got := EnoughTrials(s, trials, c.planned); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
