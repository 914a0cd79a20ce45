package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// yearView is what the year template shows.
type yearView struct {
	Claim    string
	Outcome  outcomeView
	Drawings []yearDrawing
	Rows     []yearRowView
	// Notes say how to read the figures and what would make them better.
	Notes     []string
	Uncovered string
	Catalogue string
}

// yearRowView is one risk of the table.
type yearRowView struct {
	Class, Means, Often, Basis, Source, Scenarios string
	Injections, Median, Upper                     string
	Expected, AtMost, Share, ShareAtMost          string
	// Over is what is said of the limit for one risk; empty when it is kept.
	Over string
}

func viewYear(y harness.YearBudget) *yearView {
	v := &yearView{
		Claim: "The risks that were measured take " + yearTotal(y) + ".", Outcome: viewOutcome(y.Finding.Outcome), Catalogue: line(y.Catalogue.Name),
		Notes: yearNotes(y),
	}
	if len(y.Rows) == 0 {
		v.Claim = raised(yearTotal(y))
	} else {
		v.Drawings = drawYear(y)
	}
	for _, r := range y.Rows {
		v.Rows = append(v.Rows, viewYearRow(y, r))
	}
	if len(y.Uncovered) > 0 {
		v.Uncovered = uncovered(y, len(y.Uncovered))
	}
	return v
}

func viewYearRow(y harness.YearBudget, r harness.YearRow) yearRowView {
	v := yearRowView{
		Class: line(r.Class), Means: sentence(r.Means), Often: often(r.ETTF), Basis: riskBasis(r),
		Source: raised(sentence(trimBasis(r.Source))), Scenarios: line(strings.Join(r.Scenarios, ", ")),
		Injections: plural(r.Injections, "injection"), Median: length(r.Cost.Median), Upper: boundWord(r.Cost.Upper),
		Expected: length(r.Expected), AtMost: boundWord(r.AtMost), Share: percent(r.Share), ShareAtMost: percent(r.ShareAtMost),
	}
	if r.AtMost == harness.Unbounded {
		v.ShareAtMost = "no bound"
	}
	switch {
	case r.Expected > y.Limit:
		v.Over = "over " + percent(harness.SingleRiskShare)
	case r.TooLarge:
		v.Over = "may be over " + percent(harness.SingleRiskShare)
	}
	return v
}

// yearNotes say what the figures rest on.
func yearNotes(y harness.YearBudget) []string {
	var notes []string
	if len(y.Rows) > 0 {
		notes = append(notes, raised(yearSingle(y))+".",
			fmt.Sprintf("Bounds hold at %s confidence for the cost of an injection and assume nothing about how costs are spread. They are wide after few injections, because a rare injection that is down for its whole window cannot be ruled out. How often a risk happens is taken from the catalogue as it stands, and has no bound.", percent(harness.Confidence)))
	}
	for _, r := range y.Rows {
		if text := yearNarrower(r); text != "" {
			notes = append(notes, "To know more: "+text+".")
		}
	}
	if assumed := assumedOf(y); assumed != "" {
		notes = append(notes, "How often is assumed, not measured and not published, for "+assumed+": put in what your incident reports say (docs/risks.md) and judge again with --risks.")
	}
	if len(y.Unknown) > 0 {
		notes = append(notes, raised(unlisted(y))+".")
	}
	return notes
}

func assumedOf(y harness.YearBudget) string {
	var names []string
	for _, r := range y.Rows {
		if r.Assumed() {
			names = append(names, line(r.Class))
		}
	}
	return strings.Join(names, ", ")
}

// trimBasis removes the word that a source begins with: it has a place of its
// own.
func trimBasis(source string) string {
	source = strings.TrimPrefix(source, harness.PublishedSource)
	return strings.TrimPrefix(source, harness.AssumptionSource)
}

func boundWord(d time.Duration) string {
	if d == harness.Unbounded {
		return "no bound"
	}
	return length(d)
}
