package reports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// signalLimit is how many signals the page lists and marks; the rest is in
// evidence.jsonl, and the page says so.
const signalLimit = 200

// trialView is what the trial template shows.
type trialView struct {
	Number      int
	Outcome     outcomeView
	Open        bool
	Summary     string
	Findings    []findingView
	Problems    []problemView
	Pictures    []pictureView
	Signals     []signalView
	FromFault   bool
	MoreSignals string
	Recovery    *recoveryView
	Seen        *seenView
	Numbers     []factView
}

type problemView struct{ When, Code, Text string }

// signalView is one row of the list below the time line.
type signalView struct {
	Number                              int
	Time, Since                         string
	Source, Kind, Subject, Detail, Name string
}

// viewTrial prepares one trial; id makes the ids of its pictures unique.
func (s scenario) viewTrial(t trial, id string) trialView {
	v := trialView{
		Number: t.number, Outcome: viewOutcome(t.outcome), Summary: t.summary(),
		Problems: t.problems(), Recovery: t.recovery(id), Seen: t.seenTables(), Numbers: t.numbers(),
	}
	for _, f := range t.findings {
		finding := s.viewFinding(f)
		finding.Check = s.checkLabel(f)
		v.Findings = append(v.Findings, finding)
	}
	if t.evidence == nil || len(t.evidence.Seconds) == 0 {
		return v
	}
	signals, more := t.signals()
	v.Pictures = t.timelines(id, s.Scenario, signals)
	v.MoreSignals = more
	zero, hit := t.faultTime()
	v.FromFault = hit
	for i, sig := range signals {
		row := signalView{
			Number: i + 1, Time: offset(sig.At), Source: line(sig.Source), Kind: line(string(sig.Kind)),
			Subject: line(sig.Subject), Detail: sentence(sig.Detail),
		}
		if hit {
			row.Since = since(sig.At - zero)
		}
		v.Signals = append(v.Signals, row)
	}
	return v
}

// signals are those to show, by time, and what to say of the rest.
func (t trial) signals() ([]harness.Signal, string) {
	signals := slices.Clone(t.evidence.Signals)
	slices.SortStableFunc(signals, func(a, b harness.Signal) int { return int(a.At - b.At) })
	limit := t.rows(signalLimit)
	if len(signals) <= limit {
		return signals, ""
	}
	more := fmt.Sprintf("%s later signals are in %s.", count(len(signals)-limit), EvidenceFile)
	return signals[:limit], more
}

// faultTime is t0, the zero point of all times that count from the fault: when
// the first fault was in effect, or when it was injected where none was seen to
// be; false when none was injected.
func (t trial) faultTime() (time.Duration, bool) {
	if t.measured != nil && t.measured.Recovery.Applies {
		return t.measured.Recovery.Effective.Hi, true
	}
	if t.evidence == nil || len(t.evidence.Injections) == 0 {
		return 0, false
	}
	return t.evidence.Injections[0].InjectAt, true
}

// since is a time relative to the fault: "+0.21 s", "-2.00 s".
func since(d time.Duration) string {
	if d < 0 {
		return offset(d)
	}
	return "+" + offset(d)
}

func (t trial) summary() string {
	if t.measured == nil || t.measured.Scheduled == 0 {
		return "not measured"
	}
	m := t.measured
	parts := []string{fmt.Sprintf("%s of %s failed", count(m.Bad), count(m.Scheduled)), "down for " + length(m.OutageDowntime.Total)}
	if m.Recovery.Applies {
		parts = append(parts, recoveryWords(recovered(m.Recovery)))
	}
	return strings.Join(parts, ", ")
}

func recoveryWords(p harness.Phase) string {
	switch p.State {
	case harness.Seen:
		return "recovered after " + length(p.Length)
	case harness.Censored:
		return "not recovered within " + length(p.Length)
	}
	return "recovery not observed"
}

// problems are what makes the experiment doubtful: what the engine saw, faults
// that went wrong, checks that did not hold.
func (t trial) problems() []problemView {
	if t.evidence == nil {
		return nil
	}
	var problems []problemView
	for _, p := range t.evidence.Problems {
		problems = append(problems, problemView{When: offset(p.At), Code: line(string(p.Code)), Text: sentence(p.Detail)})
	}
	for _, i := range t.evidence.Injections {
		if i.Error != "" {
			problems = append(problems, problemView{When: offset(i.InjectAt), Text: faultName(i) + ": " + line(i.Error)})
		}
	}
	for _, c := range t.evidence.Checks {
		if !c.OK && c.Stage != harness.Disruption {
			problems = append(problems, problemView{When: offset(c.At), Text: line(c.Probe) + ": " + sentence(c.Detail)})
		}
	}
	if e := t.evidence.End; e.Reason != harness.Completed {
		text := "fournines was killed before the trial ended"
		switch {
		case e.Code == harness.SafetyStop:
			text = "stopped for safety: the fault did more harm than the scenario allows"
		case e.Reason != harness.Killed:
			text = "the trial was " + line(string(e.Reason))
		}
		problem := problemView{Text: withNote(text, line(e.Detail))}
		if e.At > 0 {
			problem.When = offset(e.At)
		}
		problems = append(problems, problem)
	}
	const longest = 400
	most := t.rows(20)
	for i := range problems {
		problems[i].Text = clip(problems[i].Text, longest)
	}
	if len(problems) > most {
		left := len(problems) - most
		problems = append(problems[:most], problemView{Text: fmt.Sprintf("and %s more, in %s", count(left), EvidenceFile)})
	}
	return problems
}
