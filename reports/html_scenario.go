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
	Needs                []string
	NeedsTitle           string
	Findings             []findingView
	FindingsOf           string
	Strips               []stripView
	Single               bool
	Trials               []trialView
	Replay, ReplayNote   string
	Environment          []factView
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
	Reason, Code                       string
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
	v.NeedsTitle = "What would make it conclusive"
	if s.Outcome == harness.Pass || s.Outcome == harness.Fail {
		v.NeedsTitle = "What would say more"
	}
	for _, f := range s.shown() {
		v.Findings = append(v.Findings, viewFinding(f, len(s.trials)))
	}
	if len(s.trials) > 1 {
		v.FindingsOf = fmt.Sprintf("Of each check, the worst of %d trials; its number is behind the #.", len(s.trials))
	}
	first := s.worst()
	if first >= 0 && !v.Single {
		v.TilesOf = fmt.Sprintf("Numbers of trial %d of %d, the one to look at first.", s.trials[first].number, len(s.trials))
	}
	for i, t := range s.trials {
		tv := t.view(fmt.Sprintf("s%dt%d", id, t.number), s.Scenario)
		tv.Open = i == first
		if v.Single {
			tv.Findings = nil
		}
		v.Trials = append(v.Trials, tv)
	}
	return v
}

func viewFinding(f harness.Finding, trials int) findingView {
	v := findingView{
		Check: checkName(f, trials), Measured: measured(f), Limit: limit(f),
		Outcome: viewOutcome(f.Outcome), Advisory: f.Advisory, Reason: sentence(f.Reason), Code: line(string(f.Code)),
	}
	if f.Measured != "" {
		v.Measured, v.Resolution = sentence(f.Measured), sentence(f.Resolution)
	}
	return v
}

// tiles are the numbers that answer "what did it cost" at a glance, from the
// trial to look at first.
func (s scenario) tiles() []tileView {
	i := s.worst()
	if i < 0 || s.trials[i].measured == nil {
		return nil
	}
	t, m := s.trials[i], s.trials[i].measured
	tiles := []tileView{
		{Name: "failed requests", Value: count(m.Bad), Note: fmt.Sprintf("%s of %s", percent(m.FailedFraction), count(m.Scheduled)), Outcome: t.outcomeOf("failed", "steady-state")},
		{Name: "downtime", Value: length(m.OutageDowntime.Total), Note: withNote(plusMinus(m.OutageDowntime.Resolution), "by outages"), Outcome: t.outcomeOf("downtime")},
	}
	if m.Recovery.Applies {
		tiles = append(tiles,
			phaseTile("noticed after", find(m.Recovery.Phases, harness.DetectionPhase), t.outcomeOf("detection")),
			phaseTile("recovered after", m.Recovery.Total, t.outcomeOf("recovery")))
		return tiles
	}
	if m.Scheduled > 0 {
		tiles = append(tiles, tileView{Name: "availability", Value: availability(1 - m.FailedFraction), Note: "of requests; " + availability(m.OutageDowntime.Availability) + " of time"})
	}
	if p99, ok := m.Latency["p99"]; ok {
		tiles = append(tiles, tileView{Name: "latency p99", Value: length(p99), Note: "from the intended time", Outcome: t.outcomeOf("latency-p99")})
	}
	return tiles
}

func phaseTile(name string, p harness.Phase, outcome outcomeView) tileView {
	tile := tileView{Name: name, Outcome: outcome}
	switch p.State {
	case harness.Seen:
		tile.Value, tile.Note = length(p.Length), plusMinus(p.Resolution)
		if p.Length < p.Resolution { // too short to be told from nothing
			tile.Value, tile.Note = "< "+length(p.Length+p.Resolution), "shorter than can be told"
		}
	case harness.Censored:
		tile.Value, tile.Note = "never", "not within "+length(p.Length)
	default:
		tile.Value, tile.Note = "–", "not observed"
	}
	return tile
}

// find returns the phase of that name; one that nobody saw when there is none.
func find(phases []harness.Phase, name string) harness.Phase {
	for _, p := range phases {
		if p.Name == name {
			return p
		}
	}
	return harness.Phase{Name: name, State: harness.NotSeen}
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
	add("URL", s.endpoint())
	if h != nil {
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
