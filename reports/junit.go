package reports

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/junit"
)

// junit writes one suite per scenario and one case per finding that decides.
// A missed objective is a failure, an invalid experiment an error, an
// inconclusive one skipped. Advisory findings are no cases; they are told in
// the output of the first case.
func (r run) junit(w io.Writer) error {
	var suites []junit.Suite
	for _, s := range r.scenarios {
		suites = append(suites, s.suite(r.id))
	}
	return junit.Write(w, "fournines", suites)
}

func (s scenario) suite(runID string) junit.Suite {
	suite := junit.Suite{Name: s.Scenario, Properties: s.properties(runID)}
	file := ""
	if h := s.header(); h != nil {
		suite.Start = h.Start
		suite.Hostname = h.Environment["hostname"]
		file = h.Plan.Scenario.Source
	}
	class := "fournines." + s.Scenario
	timed := map[int]bool{}
	var advisory []string
	var outcomes []harness.Outcome
	for _, f := range s.causesFirst() {
		if f.Advisory {
			advisory = append(advisory, "does not decide: "+s.findingLine(f)+" ("+f.Outcome.String()+")")
			continue
		}
		outcomes = append(outcomes, f.Outcome)
		c := s.caseOf(f)
		c.Classname, c.File = class, file
		// The first case of a trial carries its time, so that the sum over
		// all cases is the time of the run.
		number := f.Trial
		if number == 0 && len(s.trials) == 1 {
			number = s.trials[0].number
		}
		if !timed[number] {
			timed[number] = true
			c.Time = s.trialLength(number)
		}
		suite.Cases = append(suite.Cases, c)
	}
	// A suite without cases is dropped by its readers, and a verdict that is
	// worse than its cases would be lost: both get a case of their own.
	if len(outcomes) == 0 || harness.Worst(outcomes...) != s.Outcome {
		c := s.caseOf(harness.Finding{Check: "verdict", Outcome: s.Outcome, Reason: s.said()})
		c.Classname, c.File = class, file
		suite.Cases = append(suite.Cases, c)
	}
	said := append([]string{strings.ToUpper(s.Outcome.String()) + ": " + s.said()}, advisory...)
	suite.Cases[0].Output = strings.Join(append(said, s.writesLines()...), "\n")
	return suite
}

// caseName is the same in every run of a scenario, so that CI systems see the
// history of a case: it has no target in it, which depends on the seed. What
// makes a trial invalid has a case for each code.
func (s scenario) caseName(f harness.Finding) string {
	name := line(f.Check)
	if f.Outcome == harness.Invalid && f.Code != "" {
		name += " " + line(string(f.Code))
	}
	if f.Trial > 0 && len(s.trials) > 1 {
		name += fmt.Sprintf(" #%d", f.Trial)
	}
	return name
}

func (s scenario) caseOf(f harness.Finding) junit.Case {
	c := junit.Case{Name: s.caseName(f), Type: string(f.Code), Message: s.findingLine(f)}
	switch f.Outcome {
	case harness.Pass:
		c.Result = junit.Passed
	case harness.Fail:
		c.Result = junit.Failed
	case harness.Invalid:
		c.Result = junit.Errored
		if f.Code == harness.UnsupportedFault {
			c.Result = junit.Skipped
		}
	default:
		c.Result = junit.Skipped
	}
	needs := f.Needs
	if f.Outcome == harness.Invalid {
		needs = s.adviceOn(f)
	}
	var text []string
	for _, row := range [][2]string{
		{"measured", measured(f)}, {"exact to", f.Resolution}, {"limit", limit(f)}, {"confidence", confidence(f)},
		{needsLabelOf(f.Outcome), needs}, {"subject", f.Subject},
		{"stage", string(f.Stage)}, {"code", string(f.Code)}, {"evidence", strings.Join(f.Evidence, ", ")},
	} {
		if row[1] != "" && row[1] != unmeasured {
			text = append(text, row[0]+": "+row[1])
		}
	}
	c.Text = strings.Join(text, "\n")
	return c
}

// findingLine is a finding on one line: its reason, or what was measured.
func (s scenario) findingLine(f harness.Finding) string {
	reason := sentence(f.Reason)
	switch title := troubles[f.Code].title; {
	case reason == "":
		return fmt.Sprintf("%s: measured %s, limit %s", s.checkName(f), measured(f), limit(f))
	case f.Outcome == harness.Invalid && title != "":
		return raised(title) + ": " + lowered(reason)
	}
	return s.checkName(f) + ": " + lowered(reason)
}

func (s scenario) trialLength(n int) time.Duration {
	for _, t := range s.trials {
		if t.number == n && t.evidence != nil {
			return t.evidence.End.At
		}
	}
	return 0
}

func (s scenario) properties(runID string) []junit.Property {
	properties := []junit.Property{}
	add := func(name, value string) {
		if value != "" {
			properties = append(properties, junit.Property{Name: name, Value: value})
		}
	}
	if runID == "" {
		runID = s.RunID
	}
	add("run-id", runID)
	if h := s.header(); h != nil {
		add("seed", strconv.FormatUint(h.Plan.Seed, 10))
		add("fournines", strings.TrimSpace(h.Tool.Version+" "+h.Tool.Commit))
		add("go", h.Tool.Go)
	}
	add("outcome", s.Outcome.String())
	add("command", s.replay())
	add("stack", s.Stack.Kind)
	add("url", s.endpoint())
	add("stack.banner", s.Stack.Banner)
	for _, part := range slices.Sorted(maps.Keys(s.Stack.Versions)) {
		add("version."+part, s.Stack.Versions[part])
	}
	if i := s.worst(); i >= 0 {
		properties = append(properties, s.trials[i].shareProperties()...)
	}
	return properties
}
