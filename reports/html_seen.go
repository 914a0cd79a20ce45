package reports

import (
	"github.com/fournines/fournines/harness"
)

// pageOutages is how many outages the page lists; the rest is in
// evidence.jsonl, and the page says so.
const pageOutages = 100

// seenView are the tables of what the traffic met.
type seenView struct {
	Outages     []outageRow
	MoreOutages string
	// Streams are the load and the probers beside it.
	Streams []streamView
	Windows []windowView
}

type streamView struct{ Name, Note, Failed, Of, Downtime, Within, Outages string }

type windowView struct{ Length, Good, From string }

// seenTables is nil when there is nothing to show in any table.
func (t trial) seenTables() *seenView {
	if t.measured == nil || t.measured.Scheduled == 0 {
		return nil
	}
	v := &seenView{}
	v.Outages, v.MoreOutages = t.outageRows(t.rows(pageOutages))
	m := t.measured
	if len(m.Probers) > 0 {
		v.Streams = append(v.Streams, newStream("load", "", m.Bad, m.Scheduled, m.OutageDowntime, m.Outages))
	}
	for _, p := range m.Probers {
		v.Streams = append(v.Streams, newStream(line(p.Name)+" prober", proberNote(p.Name), p.Bad, p.Scheduled, p.Downtime, p.Outages))
	}
	for _, w := range m.Worst {
		v.Windows = append(v.Windows, windowView{axis(w.Length()), availability(w.Good), offset(w.From)})
	}
	if len(v.Outages)+len(v.Streams)+len(v.Windows) == 0 {
		return nil
	}
	return v
}

func newStream(name, note string, bad, scheduled int, d harness.Downtime, outages []harness.Outage) streamView {
	return streamView{
		Name: name, Note: note, Failed: count(bad), Of: count(scheduled),
		Downtime: length(d.Total), Within: plusMinus(d.Resolution), Outages: count(len(outages)),
	}
}
