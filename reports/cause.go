package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
)

// causeOrder ranks the reasons for Invalid: one that stands before another may
// have brought it about, and is the one to look at first.
var causeOrder = []harness.Code{
	harness.SafetyLever, harness.HarnessError, harness.InterruptedRun, harness.ClockJump, harness.EnvMismatch, harness.GeneratorSaturated,
	harness.LoadShortfall, harness.SteadyStateNotMet, harness.BlastRadius, harness.UnsupportedFault, harness.FaultNotEffective, harness.FaultNotRemoved,
	harness.TelemetryGap, harness.ZeroEvents,
}

// trouble is what a code stands for: the part of the experiment as the name of
// a check, and what happened to it.
type trouble struct{ part, title string }

var troubles = map[harness.Code]trouble{
	harness.HarnessError:       {"fournines", "fournines could not do its part"},
	harness.InterruptedRun:     {"end of the run", "the run was cut short"},
	harness.ClockJump:          {"clock", "the clock jumped"},
	harness.EnvMismatch:        {"environment", "the environments differ"},
	harness.GeneratorSaturated: {"load generator", "the load generator could not keep its schedule"},
	harness.LoadShortfall:      {"load generator", "the load generator could not keep its schedule"},
	harness.SteadyStateNotMet:  {"steady state", "the stack was not healthy before anything was broken"},
	harness.UnsupportedFault:   {"fault possible", "the fault is not possible here, and was skipped"},
	harness.BlastRadius:        {"blast radius", "the fault would have taken too much"},
	harness.SafetyLever:        {"safety lever", "the safety lever stopped the run"},
	harness.FaultNotEffective:  {"fault in effect", "the fault did not take hold"},
	harness.FaultNotRemoved:    {"fault removed", "the fault was not seen removed"},
	harness.TelemetryGap:       {"record", "the record has holes"},
	harness.ZeroEvents:         {"requests", "nothing was measured"},
}

// causes are the findings that make the verdict Invalid, the one that explains
// the others first.
func (s scenario) causes() []harness.Finding {
	var causes []harness.Finding
	for _, f := range s.Findings {
		if f.Outcome == harness.Invalid && !f.Advisory {
			causes = append(causes, f)
		}
	}
	slices.SortStableFunc(causes, func(a, b harness.Finding) int { return causeRank(a.Code) - causeRank(b.Code) })
	return causes
}

func causeRank(code harness.Code) int {
	if i := slices.Index(causeOrder, code); i >= 0 {
		return i
	}
	return len(causeOrder)
}

// causesFirst are the findings with those that make the verdict invalid in
// front, the one that explains the others first.
func (s scenario) causesFirst() []harness.Finding {
	findings := s.causes()
	for _, f := range s.Findings {
		if f.Outcome != harness.Invalid || f.Advisory {
			findings = append(findings, f)
		}
	}
	return findings
}

// lead is the headline of an invalid verdict: the cause first, then what that
// means.
func (s scenario) lead() string {
	causes := s.causes()
	if len(causes) == 0 {
		return ""
	}
	first := causes[0]
	text := strings.TrimSuffix(sentence(first.Reason), ".")
	if title := troubles[first.Code].title; title != "" {
		text = title + ": " + lowered(text)
	}
	if first.Trial > 0 && len(s.trials) > 1 {
		text = fmt.Sprintf("in trial %d of %d, %s", first.Trial, len(s.trials), text)
	}
	return raised(text) + ". So this run says nothing about the stack."
}
