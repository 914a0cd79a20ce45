package reports

import (
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// stages labels the stages; a label that does not fit is left out, the list
// of numbers says it too.
func (c canvas) stages(records []harness.StageRecord) []stageBox {
	var boxes []stageBox
	for i, r := range records {
		if !c.shows(r.From, r.To) {
			continue
		}
		from, to := c.at(r.From), c.at(r.To)
		box := stageBox{X: chart.Num(from), Middle: chart.Num((from + to) / 2), Edge: i > 0 && r.From > c.window.From}
		if label := line(string(r.Stage)); c.fits(label, to-from) {
			box.Label = label
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// fits reports whether a label of ordinary letters fits a width.
func (c canvas) fits(label string, width float64) bool {
	return float64(utf8.RuneCountInString(label))*c.glyph+6 <= width
}

// faults shades the time in which a fault was in effect.
func (c canvas) faults(injections []harness.InjectionRecord) []faultBox {
	var boxes []faultBox
	for _, i := range injections {
		to := c.window.To
		if i.Removed {
			to = i.RemovedAt
		}
		if !c.shows(i.InjectAt, to) {
			continue
		}
		from, end := c.at(i.InjectAt), c.at(max(to, i.InjectAt))
		top := c.goodTop - 26
		box := faultBox{
			X: chart.Num(from), Top: chart.Num(top), Width: chart.Num(max(end-from, 1)), Height: chart.Num(c.floor - top),
			Anchor: "start", LabelX: chart.Num(from + 7), LabelY: chart.Num(c.goodTop - 10),
		}
		label, room := faultName(i), c.right-from-10
		if before := from - c.left - 10; room < before && !c.fits(label, room) {
			box.Anchor, box.LabelX, room = "end", chart.Num(from-7), before
		}
		if len(boxes) == 0 { // several labels would lie on each other
			box.Label = clip(label, int(room/(c.glyph+0.4)))
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// outages are red bars under the good lane, each at least three units wide, and
// joined where they would touch.
func (c canvas) outages(outages []harness.Outage) string {
	var path chart.Path
	from, to := 0.0, -1.0
	for _, o := range outages {
		if !c.shows(o.From, o.To) {
			continue
		}
		x0 := c.at(o.From)
		x1 := max(c.at(o.To), x0+3)
		switch {
		case to < from: // nothing yet
			from, to = x0, x1
		case x0 <= to+1:
			to = max(to, x1)
		default:
			path.Rect(from, c.outageTop, to-from, 7)
			from, to = x0, x1
		}
	}
	if to >= from {
		path.Rect(from, c.outageTop, to-from, 7)
	}
	return path.String()
}

// markers are the numbered badges of the signals, which are sorted by time and
// numbered from 1 whatever the window shows.
func (c canvas) markers(signals []harness.Signal) []markerView {
	row := chart.Row{First: 1, Glyph: 6.5, Pad: 6, Lo: c.left - 20, Hi: c.right + 14}
	var xs []float64
	for _, s := range signals {
		switch {
		case s.At < c.window.From:
			row.First++
		case s.At <= c.window.To:
			xs = append(xs, c.at(s.At))
		}
	}
	var views []markerView
	for _, m := range row.Cluster(xs) {
		views = append(views, markerView{
			X: chart.Num(m.X), Left: chart.Num(m.X - m.Width/2), Width: chart.Num(m.Width), Label: m.Label(),
			Top: chart.Num(c.goodTop), Y: chart.Num(c.badgeTop), LabelY: chart.Num(c.badgeTop + 13),
		})
	}
	return views
}
