package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/scenarios"
)

// firstScenario is what `fournines run` without arguments runs.
const firstScenario = "catalog-replica-kill"

// selection is which scenarios a run consists of, as the command line says.
type selection struct {
	// names are names of the catalogue or files.
	names []string
	suite string
	// trials is the number of trials of each scenario; 0 means the tier's or
	// the suite's.
	trials int
	// tier is one of harness.Tiers; empty for none.
	tier string
	// judged is the length of the judged stage; 0 means the scenario's.
	judged time.Duration
	// rate is that of the load, per second; 0 means the scenario's.
	rate float64
	// targets are what faults can hit; nil for the reference platform's.
	targets []harness.Target
}

// chosen is one scenario of a run.
type chosen struct {
	harness.Scenario
	// trials is how many there are at most.
	trials int
	terms  harness.Terms
}

// scenarios reads and checks everything that is selected. All problems are
// reported at once, as a usage error.
func (sel selection) scenarios() ([]chosen, error) {
	if err := sel.check(); err != nil {
		return nil, usage(err)
	}
	found, err := sel.find()
	if err != nil {
		return nil, usage(err)
	}
	var all []chosen
	var problems []error
	for _, s := range found {
		if slices.ContainsFunc(all, func(c chosen) bool { return c.Name == s.Name }) {
			problems = append(problems, fmt.Errorf("scenario %q is selected twice: names must be unique within a run", s.Name))
			continue
		}
		if sel.rate > 0 {
			s.Load.Rate = sel.rate
		}
		if sel.judged > 0 {
			s = withJudged(s, sel.judged)
			if err := s.Validate(); err != nil {
				problems = append(problems, fmt.Errorf("--for %s does not fit scenario %q: %w", sel.judged, s.Name, err))
			}
		}
		all = append(all, chosen{Scenario: s, trials: sel.trialsOf(s)})
	}
	if err := errors.Join(problems...); err != nil {
		return nil, usage(err)
	}
	return all, nil
}

// check looks at the values of the flags alone.
func (sel selection) check() error {
	var problems []error
	if sel.suite != "" && len(sel.names) > 0 {
		problems = append(problems, fmt.Errorf("--suite %s beside scenario %q: want one of the two", sel.suite, sel.names[0]))
	}
	if sel.trials < 0 || sel.trials > harness.MaxTrials {
		problems = append(problems, fmt.Errorf("--trials %d: want 1 to %d", sel.trials, harness.MaxTrials))
	}
	if _, ok := harness.FindTier(sel.tier); sel.tier != "" && !ok {
		problems = append(problems, fmt.Errorf("--tier %q: want %s%s", sel.tier, strings.Join(tierNames(), ", "), suggest.DidYouMean(sel.tier, tierNames())))
	}
	if sel.judged < 0 || sel.judged > harness.MaxStage {
		problems = append(problems, fmt.Errorf("--for %s: want more than 0s and at most %s", sel.judged, harness.MaxStage))
	}
	if sel.rate < 0 || sel.rate > harness.MaxRate || sel.rate != sel.rate {
		problems = append(problems, fmt.Errorf("--rate %g: want more than 0 and at most %d requests per second", sel.rate, harness.MaxRate))
	}
	return errors.Join(problems...)
}

func (sel selection) find() ([]harness.Scenario, error) {
	switch {
	case sel.suite != "":
		found, err := scenarios.Suite(sel.suite)
		if err == nil && len(found) == 0 {
			err = fmt.Errorf("suite %q has no scenarios: nothing would be tested", sel.suite)
		}
		return found, err
	case len(sel.names) == 0:
		return one(scenarios.Find(firstScenario))
	}
	var found []harness.Scenario
	var problems []error
	for _, name := range sel.names {
		s, err := findScenario(name, sel.targets)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		found = append(found, s)
	}
	return found, errors.Join(problems...)
}

func one(s harness.Scenario, err error) ([]harness.Scenario, error) {
	return []harness.Scenario{s}, err
}

// findScenario reads a file where the argument looks like one, or is one, and
// else looks into the catalogue. The faults of a file have to find their
// targets among those given, or else on the stack that it is for.
func findScenario(arg string, targets []harness.Target) (harness.Scenario, error) {
	if looksLikeFile(arg) {
		s, _, err := checkScenario(arg, targets)
		return s, err
	}
	return scenarios.Find(arg)
}

// checkScenario reads a scenario file. Without targets they are those of the
// reference platform, and anything in a scenario for an attached stack, of
// which nobody knows what it has.
func checkScenario(file string, targets []harness.Target) (harness.Scenario, spec.Errors, error) {
	if targets == nil {
		if s, warnings, err := spec.Check(file, nil); err == nil && s.Load.URL != "" {
			return s, warnings, nil
		}
		targets = referenceTargets()
	}
	return spec.Check(file, targets)
}

func looksLikeFile(arg string) bool {
	if strings.ContainsAny(arg, `/\`) || strings.HasSuffix(arg, ".yaml") || strings.HasSuffix(arg, ".yml") {
		return true
	}
	info, err := os.Stat(arg)
	return err == nil && info.Mode().IsRegular()
}

// trialsOf is how many trials s gets at most: what the command line says, else
// what the tier takes, else what the scenario asks for in the suite, else one.
func (sel selection) trialsOf(s harness.Scenario) int {
	tier, ok := harness.FindTier(sel.tier)
	switch {
	case sel.trials > 0:
		return sel.trials
	case ok:
		return tierTrials(s, tier)
	}
	return max(1, s.Trials[sel.suite])
}

// tierTrials is how many trials of s the tier takes at most: its budget, with
// which one injection may exceed a limit, or more where the scenario asks for
// more. A scenario that asks for fewer than can prove the tier gets just
// those: its evidence has to grow over several runs (--history). Without
// faults the trials are what the scenario asks for.
func tierTrials(s harness.Scenario, tier harness.Tier) int {
	asked := s.Trials[tier.Name]
	if len(s.Faults) == 0 || asked > 0 && asked < tier.Clean() {
		return max(1, asked)
	}
	return max(asked, tier.Budget())
}

func tierNames() []string {
	var names []string
	for _, t := range harness.Tiers() {
		names = append(names, t.Name)
	}
	return names
}

// tierHelp is `pr (at most 50% exceed a limit, 5 clean injections), ...`.
func tierHelp() string {
	var tiers []string
	for _, t := range harness.Tiers() {
		tiers = append(tiers, fmt.Sprintf("%s (at most %s exceed a limit: %d clean injections)", t.Name, percent(t.Exceeding), t.Clean()))
	}
	return strings.Join(tiers, ", ")
}

// withJudged sets the length of the stage that the verdict is about: Baseline
// of a scenario without faults, Disruption of one with.
func withJudged(s harness.Scenario, d time.Duration) harness.Scenario {
	if len(s.Faults) == 0 {
		s.Stages.Baseline = d
	} else {
		s.Stages.Disruption = d
	}
	return s
}
