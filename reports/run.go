package reports

import (
	"slices"
	"sort"
	"strings"

	"github.com/fournines/fournines/harness"
)

// run is what every report is a view of: the verdicts of one run, each joined
// with the evidence that it rests on.
type run struct {
	id        string
	outcome   harness.Outcome
	scenarios []scenario
	// year is nil where nothing was broken on purpose.
	year *harness.YearBudget
}

// scenario is one verdict and its trials.
type scenario struct {
	harness.Verdict
	trials []trial
}

// trial is one pass through all stages. Measurement or evidence may be
// missing (nil): a verdict is kept when its evidence is gone, and a trial
// that could not be measured is still shown.
type trial struct {
	number int
	// of is the number of trials of the scenario.
	of       int
	measured *harness.Measurement
	evidence *harness.Evidence
	findings []harness.Finding
	// outcome is the worst of the trial's own findings that decide.
	outcome harness.Outcome
	// logged is nil for a run without logs.
	logged *logged
}

// newRun joins verdicts with evidence by scenario name and trial number.
// Where several pieces of evidence claim the same trial the last one counts,
// as it does when a trial is repeated.
func newRun(id string, verdicts []harness.Verdict, evidence []harness.Evidence) run {
	r := run{id: id, outcome: worst(verdicts)}
	for i := range verdicts {
		r.scenarios = append(r.scenarios, newScenario(verdicts[i], evidence))
	}
	return r
}

func newScenario(v harness.Verdict, evidence []harness.Evidence) scenario {
	byNumber := map[int]*trial{}
	at := func(n int) *trial {
		if byNumber[n] == nil {
			byNumber[n] = &trial{number: n}
		}
		return byNumber[n]
	}
	for i := range v.Trials {
		at(v.Trials[i].Trial).measured = &v.Trials[i]
	}
	for i := range evidence {
		if evidence[i].Plan.Scenario.Name == v.Scenario {
			at(evidence[i].Plan.Trial).evidence = &evidence[i]
		}
	}
	for _, f := range v.Findings {
		if f.Trial > 0 {
			t := at(f.Trial)
			t.findings = append(t.findings, f)
		}
	}
	s := scenario{Verdict: v}
	s.Findings = withoutTargets(v.Findings, evidence)
	for _, t := range byNumber {
		t.of = len(byNumber)
		t.outcome = decided(t.findings, v.Outcome)
		s.trials = append(s.trials, *t)
	}
	sort.Slice(s.trials, func(a, b int) bool { return s.trials[a].number < s.trials[b].number })
	return s
}

// decided is the worst of the findings that are not advisory; without any it
// is what the whole scenario came to.
func decided(findings []harness.Finding, whole harness.Outcome) harness.Outcome {
	var outcomes []harness.Outcome
	for _, f := range findings {
		if !f.Advisory {
			outcomes = append(outcomes, f.Outcome)
		}
	}
	if len(outcomes) == 0 {
		return whole
	}
	return harness.Worst(outcomes...)
}

// worst is the index of the trial to look at first: the worst outcome, then
// the most bad requests, then the first. -1 when there are none.
func (s scenario) worst() int {
	best := -1
	for i, t := range s.trials {
		if best < 0 {
			best = i
			continue
		}
		b := s.trials[best]
		switch {
		case t.outcome != b.outcome && t.outcome.Worse(b.outcome) == t.outcome:
			best = i
		case t.outcome == b.outcome && t.bad() > b.bad():
			best = i
		}
	}
	return best
}

// wholeTrials is the number of trials up to which each is shown in full detail.
const wholeTrials = 5

// rows is how many rows of a long list the page shows of this trial: fewer of
// each where there are many trials, so that a page stays small enough for a
// phone.
func (t trial) rows(limit int) int {
	return min(limit, max(limit*wholeTrials/max(t.of, 1), 10))
}

func (t trial) bad() int {
	if t.measured == nil {
		return 0
	}
	return t.measured.Bad
}

// header is the first evidence header of the scenario; nil without evidence.
func (s scenario) header() *harness.Header {
	for _, t := range s.trials {
		if t.evidence != nil {
			return &t.evidence.Header
		}
	}
	return nil
}

// endpoint is the URL that was only observed; empty when a stack was tested.
func (s scenario) endpoint() string {
	if h := s.header(); h != nil && h.Stack.Kind == harness.EndpointKind {
		return h.Plan.Scenario.Load.URL
	}
	return ""
}

// needs are the distinct answers to "what would make it conclusive"; of an
// invalid verdict what to do about its causes.
func (s scenario) needs() []string {
	if s.Outcome == harness.Invalid {
		if advice := s.advice(); len(advice) > 0 {
			return advice
		}
	}
	var needs []string
	for _, f := range s.Findings {
		if f.Outcome == harness.Invalid || f.Advisory {
			continue // an experiment that is no evidence needs no more of it; what does not decide is in the table
		}
		if text := sentence(f.Needs); text != "" && !slices.Contains(needs, text) {
			needs = append(needs, text)
		}
	}
	return needs
}

// said is the verdict in a sentence without its leading word: every view shows
// the outcome on its own. An invalid one leads with its cause.
func (s scenario) said() string {
	if s.Outcome == harness.Invalid {
		if text := s.lead(); text != "" {
			return text
		}
	}
	return raised(strings.TrimPrefix(sentence(s.Sentence), strings.ToUpper(s.Outcome.String())+": "))
}
