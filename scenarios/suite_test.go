package scenarios_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/matchers"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/scenarios"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker/dockertest"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// chosen is what runs unless -ginkgo.label-filter says otherwise: what a pull
// request is held to in one process, shortened, and the smallest suite on
// containers.
const chosen = "(inproc && pr) || (docker && smoke)"

// TestScenarios runs the catalogue. Labels are the stack (inproc, docker), the
// scenario's suites, and slow for a trial of more than a minute:
//
//	go test ./scenarios -v -timeout 60m -ginkgo.label-filter='docker && nightly'
func TestScenarios(t *testing.T) {
	if !testing.Short() {
		dockertest.Alone(t) // load is measured: nothing else should run
	}
	RegisterFailHandler(Fail)
	suite, reporter := GinkgoConfiguration()
	if suite.LabelFilter == "" {
		suite.LabelFilter = chosen
	}
	RunSpecs(t, "scenarios", suite, reporter)
}

var _ = Describe("the catalogue", func() {
	all, err := scenarios.All()
	if err != nil {
		Fail(err.Error())
	}
	for _, b := range backends() {
		Describe("on "+b.kind, Label(b.kind), Ordered, ContinueOnFailure, func() {
			var st stack.Stack
			BeforeAll(func(ctx SpecContext) {
				st = b.up(ctx)
				DeferCleanup(func(ctx SpecContext) { Expect(st.Down(ctx)).To(Succeed()) }, NodeTimeout(time.Minute))
			}, NodeTimeout(15*time.Minute))

			for _, s := range all {
				s = b.fit(s)
				It(s.Name+": "+s.Hypothesis, labels(s), SpecTimeout(attempts*(s.Stages.Total()+time.Minute)), func(ctx SpecContext) {
					Expect(verdict(ctx, s, st)).To(b.expect(s))
				})
			}
		})
	}
})

// labels are the scenario's suites, and slow where that is so.
func labels(s harness.Scenario) Labels {
	l := Labels(slices.Clone(s.Labels["suite"]))
	if s.Stages.Total() > time.Minute {
		l = append(l, "slow")
	}
	return l
}

// attempts is how many trials a scenario gets until one meets its objectives on
// this machine.
const attempts = 4

// verdict runs a trial of s against st and judges it; again when the machine was
// too busy for it to be evidence, or when it was missed: nobody promised that a
// machine of tests does nothing else, and a stack that cannot keep its objective
// misses it every time. FOURNINES_FIT_MACHINE=1 promises a machine that is fit
// for it: there the first evidence counts, at the scenario's own rate. When no
// trial was evidence, that is no failure of the stack: the spec is skipped, and
// says so.
func verdict(ctx context.Context, s harness.Scenario, st stack.Stack) harness.Verdict {
	GinkgoHelper()
	if err := impossible(s, st); err != nil {
		skipLoudly(err.Error())
	}
	fit := fitMachine()
	var last, missed harness.Verdict
	seen := false
	for trial := 1; trial <= attempts; trial++ {
		last = harness.Judge(s, []harness.Evidence{conduct(ctx, s, st, trial)}, nil)
		AddReportEntry(fmt.Sprintf("trial %d", trial), last.Sentence)
		if st.Kind() != whole && unsupported(last) {
			skipLoudly(last.Sentence)
		}
		switch {
		case busy(last):
		case fit || last.Outcome == harness.Pass || last.Outcome == harness.Inconclusive:
			return last
		default:
			missed, seen = last, true
		}
	}
	switch {
	case seen:
		return missed
	case !fit:
		skipLoudly(fmt.Sprintf("this machine is too busy for evidence, %d times in a row: %s", attempts, last.Sentence))
	}
	return last
}

// fitMachine reports whether the machine is promised to do nothing else and to
// be fast enough for the catalogue.
func fitMachine() bool { return os.Getenv("FOURNINES_FIT_MACHINE") == "1" }

// impossible says why a stack that is not the whole reference platform cannot
// serve a scenario; on one that is, everything has to be possible.
func impossible(s harness.Scenario, st stack.Stack) error {
	if s.Stack != nil {
		return fmt.Errorf("it wants a platform of its own, and all specs share one: `fournines run %s`", s.Name)
	}
	if len(st.Components()) == len(stack.Reference()) {
		return nil
	}
	plan, err := rig.Resolve(context.Background(), s, st, 1, 1)
	if err == nil {
		_, err = rig.New(plan, st)
	}
	return err
}

// skipLoudly skips and says so where Ginkgo, by default, says nothing.
func skipLoudly(reason string) {
	GinkgoHelper()
	fmt.Printf("\nSKIPPED %s: %s\n", CurrentSpecReport().LeafNodeText, reason)
	Skip(reason)
}

// whole is the kind of stack on which every fault has to be possible.
const whole = "docker"

// unsupported reports whether the trial is invalid because a fault is not
// possible on the stack.
func unsupported(v harness.Verdict) bool {
	return slices.ContainsFunc(v.Findings, func(f harness.Finding) bool { return f.Code == harness.UnsupportedFault })
}

// busy reports whether the trial is invalid because this machine, and not the
// stack, was too slow.
func busy(v harness.Verdict) bool {
	return slices.ContainsFunc(v.Findings, func(f harness.Finding) bool {
		machine := f.Code == harness.GeneratorSaturated || f.Code == harness.LoadShortfall || f.Code == harness.ClockJump
		return f.Outcome == harness.Invalid && machine
	})
}

// conduct runs one trial. Its random choices come from Ginkgo's own seed, so
// that -ginkgo.seed repeats them.
func conduct(ctx context.Context, s harness.Scenario, st stack.Stack, trial int) harness.Evidence {
	GinkgoHelper()
	ev, err := rig.Trial(ctx, s, st, uint64(GinkgoRandomSeed()), trial, harness.WithProgress(func(p harness.Progress) {
		if p.Note != "" {
			GinkgoWriter.Printf("%s %s: %s\n", p.Elapsed.Round(10*time.Millisecond), p.Stage, p.Note)
		}
	}))
	Expect(err).NotTo(HaveOccurred())
	for _, signal := range ev.Signals {
		GinkgoWriter.Printf("%s %s saw %s %s %s\n", signal.At.Round(time.Millisecond), signal.Source, signal.Subject, signal.Kind, signal.Detail)
	}
	return ev
}

// meetsObjectives is what every scenario of the catalogue promises at full
// length.
func meetsObjectives(harness.Scenario) OmegaMatcher { return matchers.MeetObjectives() }
