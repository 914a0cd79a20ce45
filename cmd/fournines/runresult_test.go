package main

import (
	"errors"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestExitCodeOfARun(t *testing.T) {
	verdicts := func(os ...harness.Outcome) (all []harness.Verdict) {
		for _, o := range os {
			all = append(all, harness.Verdict{Outcome: o})
		}
		return all
	}
	remains := harness.Evidence{
		Injections: []harness.InjectionRecord{{InjectedAt: 1}},
		End:        harness.End{Reason: harness.Completed},
	}
	for _, tt := range []struct {
		name   string
		run    runner
		signal syscall.Signal
		policy string
		err    error
		want   int
	}{
		{"all passed", runner{verdicts: verdicts(harness.Pass, harness.Pass)}, 0, "report", nil, exitPass},
		{"the worst outcome decides", runner{verdicts: verdicts(harness.Pass, harness.Inconclusive, harness.Fail)}, 0, "report", nil, exitMissed},
		{"an invalid scenario is no pass", runner{verdicts: verdicts(harness.Pass, harness.Invalid)}, 0, "report", nil, exitInvalid},
		{"inconclusive has its own code", runner{verdicts: verdicts(harness.Inconclusive)}, 0, "report", nil, exitInconclusive},
		{"inconclusive can be made a failure", runner{verdicts: verdicts(harness.Inconclusive)}, 0, "fail", nil, exitMissed},
		{"inconclusive can be let through", runner{verdicts: verdicts(harness.Inconclusive)}, 0, "warn", nil, exitPass},
		{"letting inconclusive through lets nothing else through", runner{verdicts: verdicts(harness.Inconclusive, harness.Invalid)}, 0, "pass", nil, exitInvalid},
		{"nothing judged is inconclusive", runner{}, 0, "report", nil, exitInconclusive},
		{"an error of the harness is no pass", runner{verdicts: verdicts(harness.Pass)}, 0, "report", environment(errors.New("disk full")), exitInvalid},
		{"a missed objective outweighs an error of the harness", runner{verdicts: verdicts(harness.Fail)}, 0, "report", environment(errors.New("disk full")), exitMissed},
		{"a stack that is left behind is no pass", runner{verdicts: verdicts(harness.Pass), downErr: errors.New("stuck")}, 0, "report", nil, exitInvalid},
		{"a signal outweighs the verdicts", runner{verdicts: verdicts(harness.Invalid)}, syscall.SIGTERM, "report", nil, 143},
		{"a fault that remains outweighs all", runner{verdicts: verdicts(harness.Invalid), evidence: []harness.Evidence{remains}}, syscall.SIGINT, "report", nil, exitNotRemoved},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.run.in = &interrupts{cancel: func(error) {}, say: func(string, ...any) {}, quit: func(int) {}}
			if tt.signal != 0 {
				tt.run.in.handle(tt.signal)
			}
			if got := tt.run.exitCode(tt.policy, tt.err); got != tt.want {
				t.Errorf("exitCode = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestFaultRemains(t *testing.T) {
	for _, tt := range []struct {
		name string
		ev   harness.Evidence
		want bool
	}{
		{"no injection, no fault", harness.Evidence{End: harness.End{Reason: harness.Completed}}, false},
		{"injected and removed", harness.Evidence{End: harness.End{Reason: harness.Completed}, Injections: []harness.InjectionRecord{{InjectedAt: 1, Removed: true}}}, false},
		{"injected and not removed", harness.Evidence{End: harness.End{Reason: harness.Interrupted}, Injections: []harness.InjectionRecord{{InjectedAt: 1}}}, true},
		{"injecting did not work", harness.Evidence{End: harness.End{Reason: harness.Aborted}, Injections: []harness.InjectionRecord{{InjectAt: 1, Error: "no"}}}, false},
		{"killed: nobody knows", harness.Evidence{Injections: []harness.InjectionRecord{{InjectedAt: 1}}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := faultRemains(tt.ev); got != tt.want {
				t.Errorf("faultRemains = %v, want %v", got, tt.want)
			}
		})
	}
}
