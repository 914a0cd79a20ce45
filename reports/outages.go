package reports

import (
	"fmt"

	"github.com/fournines/fournines/harness"
)

// outageRow is one outage in words; Example may hold foreign text (already
// plain).
type outageRow struct{ From, Length, Bad, Example string }

// outageRows are the first outages of the trial, at most limit, in order of
// time, and what to say of the rest.
func (t trial) outageRows(limit int) (rows []outageRow, more string) {
	if t.measured == nil {
		return nil, ""
	}
	outages := t.measured.Outages
	for _, o := range outages[:min(len(outages), limit)] {
		rows = append(rows, newOutageRow(o))
	}
	if left := len(outages) - len(rows); left > 0 {
		more = fmt.Sprintf("and %s more, in %s", count(left), EvidenceFile)
	}
	return rows, more
}

func newOutageRow(o harness.Outage) outageRow {
	row := outageRow{From: offset(o.From), Length: length(o.Length()), Bad: plural(o.Bad, "request"), Example: sentence(o.Example)}
	if o.Folded > 1 {
		row.Length = fmt.Sprintf("%s in %d outages", length(o.Down()), o.Folded)
	}
	if o.Open {
		row.Length += " and not over"
	}
	return row
}
