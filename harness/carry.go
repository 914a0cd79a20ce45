package harness

import (
	"encoding/json"
	"maps"
	"slices"
)

// Why an earlier run contributes nothing, for people: "3 runs of another
// build".
const (
	LeftUnknownBuild = "of a build that cannot be told from others"
	LeftOtherBuild   = "of another build"
	LeftOtherMachine = "on another machine or kind of stack"
	LeftOtherText    = "of another version of the scenario"
	LeftCutShort     = "cut short"
	LeftUnsound      = "without a sound trial"
)

// Carry is what an earlier run contributes to a run that is about to begin
// with now, of which it reads the scenario, the tool, the environment and the
// stack. run holds all trials of the earlier run, of every scenario, those
// that were planned and left nothing included. left says why it contributes
// nothing; "" with no Carried.RunID means that it has no trial of the scenario.
//
// Runs count together only when they put the same question to the same build:
// the same load, faults, objective and limits; the same fournines (ToolInfo.
// Build); the same stack (kind, replicas, versions and image digests); the
// same machine (environment). A run that was killed or interrupted contributes
// nothing at all: whoever ends a run may do so because of what they see. Of the
// others every sound trial counts, whatever its verdict, and none that is
// invalid.
//
// What is carried are the counts at which the run stopped, and never the
// largest evidence on its way (slo.Carried). What that run itself was given by
// earlier ones is not in them: each run counts once.
func Carry(now Header, run []Evidence) (c Carried, left string) {
	s := now.Plan.Scenario
	trials := trialsOf(s.Name, run)
	if len(trials) == 0 {
		return Carried{}, ""
	}
	if slices.ContainsFunc(run, cutShort) {
		return Carried{}, LeftCutShort
	}
	if slices.ContainsFunc(trials, func(ev Evidence) bool { return question(ev.Plan.Scenario) != question(s) }) {
		return Carried{}, LeftOtherText
	}
	sound := soundTrials(trials)
	if len(sound) == 0 {
		return Carried{}, LeftUnsound
	}
	for _, ev := range sound {
		if why := otherBuild(now, ev.Header); why != "" {
			return Carried{}, why
		}
	}
	return carriedFrom(s, sound), ""
}

func trialsOf(scenario string, run []Evidence) []Evidence {
	return slices.DeleteFunc(slices.Clone(run), func(ev Evidence) bool { return ev.Plan.Scenario.Name != scenario })
}

func cutShort(ev Evidence) bool { return ev.End.Reason == Killed || ev.End.Reason == Interrupted }

// question is what a scenario asks, without what is only about the text or
// about how long it is asked: without faults more of the same requests are
// sent by a longer Baseline.
func question(s Scenario) string {
	s.Labels, s.Hypothesis, s.RiskClass, s.Trials, s.Source = nil, "", "", nil, ""
	if len(s.Faults) == 0 {
		s.Stages = Stages{}
	}
	text, _ := json.Marshal(s) // numbers, words and maps of them: it cannot fail
	return string(text)
}

// otherBuild says in what the two differ; "" when they are the same.
func otherBuild(now, then Header) string {
	a, b := now.Stack, then.Stack
	switch {
	case !maps.Equal(now.Environment, then.Environment) || a.Kind != b.Kind:
		return LeftOtherMachine
	case now.Tool.Build == "" || then.Tool.Build == "":
		return LeftUnknownBuild
	case now.Tool != then.Tool || !maps.Equal(a.Versions, b.Versions) || !slices.Equal(a.Targets, b.Targets):
		return LeftOtherBuild
	}
	return ""
}

// carriedFrom counts sound trials, of which there is at least one.
func carriedFrom(s Scenario, sound []Evidence) Carried {
	c := Carried{RunID: sound[0].RunID}
	if len(s.Faults) > 0 {
		p := newInjectionProcess(s, judgedInjections(s, sound))
		c.Injections, c.Exceeding, c.Unclear = len(p.outcomes), p.missed, p.unclear
		return c
	}
	for _, ev := range sound {
		for _, second := range baselineSeconds(ev) {
			c.Requests += second.scheduled
			c.Bad += second.bad
			if second.bad > 0 {
				c.BadSeconds++
			}
		}
		c.Episodes = append(c.Episodes, baselineEpisodes(ev)...)
	}
	return c
}
