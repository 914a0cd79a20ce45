package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
)

// scenarioView is what the scenario template shows.
type scenarioView struct {
	Anchor, Name         string
	Outcome              outcomeView
	Sentence, Hypothesis string
	Banner               string
	Tiles                []tileView
	TilesOf              string
	// Asides are a line each.
	Asides     []string
	Needs      []string
	NeedsTitle string
	// NeedsFirst puts the needs before the findings: there is no answer yet.
	NeedsFirst         bool
	Findings           []findingView
	FindingsOf         string
	Strips             []stripView
	Single             bool
	Trials             []trialView
	Replay, ReplayNote string
	Environment        []factView
}

// tileView is one headline number.
type tileView struct {
	Name, Value, Note string
	// Outcome is empty when nothing was judged about the number.
	Outcome outcomeView
}

// findingView is one row of a table of findings.
type findingView struct {
	Check, Measured, Resolution, Limit string
	Outcome                            outcomeView
	Advisory                           bool
	Reason, Code, Needs, Basis         string
}

// factView is a name and a value, with a note.
type factView struct{ Name, Value, Note string }

// view prepares the scenario; id (from 1) makes the pictures' ids unique.
func (s scenario) view(anchor string, id int) scenarioView {
	v := scenarioView{
		Anchor: anchor, Name: line(s.Scenario), Outcome: viewOutcome(s.Outcome),
		Sentence: s.said(), Hypothesis: sentence(s.Hypothesis), Banner: sentence(s.Stack.Banner),
		Needs: s.needs(), Replay: s.replay(), ReplayNote: s.replayNote(), Single: len(s.trials) == 1,
		Tiles: s.tiles(), Strips: s.strips(id), Environment: s.environment(),
	}
	v.NeedsTitle = s.needsTitle()
	v.NeedsFirst = s.Outcome == harness.Invalid || s.Outcome == harness.Inconclusive
	for _, f := range s.shown() {
		v.Findings = append(v.Findings, s.viewFinding(f))
	}
	if len(s.trials) > 1 {
		v.FindingsOf = fmt.Sprintf("The worst of %d trials for each check; the number behind # is its trial.", len(s.trials))
	}
	first := s.worst()
	if first >= 0 && !v.Single {
		v.TilesOf = fmt.Sprintf("Numbers of trial %d of %d, the worst.", s.trials[first].number, len(s.trials))
	}
	if s.Outcome == harness.Invalid && len(v.Tiles) > 0 {
		v.TilesOf = strings.TrimSpace(v.TilesOf + " " + raised(notJudged) + ": these numbers are no evidence, they are here to help find the cause.")
	}
	v.Asides = s.asideLines()
	if s.Outcome == harness.Invalid && first >= 0 {
		if text := s.trials[first].generatorFacts(); text != "" {
			v.Asides = []string{"Generator: " + text}
		}
	}
	for i, t := range s.trials {
		tv := s.viewTrial(t, fmt.Sprintf("s%dt%d", id, t.number))
		tv.Open = i == first
		if v.Single {
			tv.Findings = nil
		}
		v.Trials = append(v.Trials, tv)
	}
	return v
}

func (s scenario) viewFinding(f harness.Finding) findingView {
	v := findingView{
		Check: s.checkName(f), Measured: measured(f), Limit: limit(f),
		Outcome: viewOutcome(f.Outcome), Advisory: f.Advisory, Reason: sentence(f.Reason), Code: line(string(f.Code)),
		Needs: sentence(f.Needs), Basis: basis(f),
	}
	if f.Measured != "" {
		v.Resolution = sentence(f.Resolution)
	}
	if f.Outcome == harness.Invalid {
		v.Needs = "" // what to do is said once, for all causes
	}
	return v
}

// outcomeOf is the outcome of the trial's finding on one of the checks; empty
// when there is none that decides.
func (t trial) outcomeOf(checks ...string) outcomeView {
	for _, f := range t.findings {
		if !f.Advisory && slices.Contains(checks, f.Check) {
			return viewOutcome(f.Outcome)
		}
	}
	return outcomeView{}
}

func (s scenario) environment() []factView {
	var facts []factView
	add := func(name, value string) {
		if value = line(value); value != "" {
			facts = append(facts, factView{Name: line(name), Value: value})
		}
	}
	h := s.header()
	if h != nil {
		add("fournines", strings.TrimSpace(h.Tool.Version+" "+h.Tool.Commit))
		add("Go", h.Tool.Go)
	}
	add("stack", s.Stack.Kind)
	if h != nil {
		add("URL", h.Plan.Scenario.Load.URL)
		for _, k := range slices.Sorted(maps.Keys(h.Environment)) {
			add(k, h.Environment[k])
		}
	}
	for _, part := range slices.Sorted(maps.Keys(s.Stack.Versions)) {
		add(part+" version", s.Stack.Versions[part])
	}
	return facts
}

// withNote joins two notes with a dot between; either may be empty.
func withNote(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
