package reports

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// Coordinates are strings made by chart.Num.

// pictureView is a picture in its drawings for each width.
type pictureView struct {
	Caption  string
	Drawings []timelineView
}

// timelineView is one drawing of a trial; there are two, for wide and for
// narrow screens.
type timelineView struct {
	ID, Class, Title, Description string
	Hidden                        bool
	Width, Height                 int
	// Floor is the height of the time axis, which runs from Left to Right.
	Floor, Left, Right string
	Stages             []stageBox
	Faults             []faultBox
	Lanes              []laneView
	Good, Bad, Outages string
	Max, P99           string
	Bound              *gridLine
	Signals            []markerView
	Ticks              []tickView
}

type stageBox struct {
	X, Middle, Label string
	// Edge is false for the first stage: nothing ends there.
	Edge bool
}

type faultBox struct{ X, Top, Width, Height, Label, LabelX, LabelY, Anchor string }

type laneView struct {
	X, TitleY, Title string
	Keys             []keyView
	Grid             []gridLine
}

type keyView struct{ Class, Fill, Text string }

type gridLine struct{ X, X2, Y, LabelX, LabelY, Label string }

type markerView struct{ X, Left, Top, Width, Y, LabelY, Label string }

// tickView is a label of an axis; Anchor keeps one at the edge in the picture.
type tickView struct{ X, Y, Anchor, Label string }

// newTick labels x on an axis that ends at right.
func newTick(x, right, y float64, label string) tickView {
	t := tickView{X: chart.Num(x), Y: chart.Num(y), Anchor: "middle", Label: label}
	if x > right-10 {
		t.X, t.Anchor = chart.Num(right+8), "end"
	}
	return t
}

// timelines draws the whole trial and, where the fault's time is a small part
// of it, that part again, closer.
func (t trial) timelines(id, name string, signals []harness.Signal) []pictureView {
	end := t.end()
	pictures := []pictureView{{Drawings: twice(func(width float64, suffix string) timelineView {
		return t.timeline(newCanvas(width, harness.Window{To: end}), id+suffix, name, signals)
	})}}
	near, ok := t.near(end)
	if !ok {
		return pictures
	}
	zero, _ := t.faultTime()
	return append(pictures, pictureView{Caption: "Around the fault", Drawings: twice(func(width float64, suffix string) timelineView {
		return t.timeline(newCanvas(width, near).closeUp(zero), id+"z"+suffix, name, signals)
	})})
}

// twice draws for wide and for narrow screens.
func twice(draw func(width float64, suffix string) timelineView) []timelineView {
	wide, narrow := draw(980, "w"), draw(380, "n")
	wide.Class = "wide"
	narrow.Class, narrow.Hidden = "narrow", true
	return []timelineView{wide, narrow}
}

// near is the window from just before the fault until the platform has dealt
// with it and users are served; false when it is no closer look than the whole.
func (t trial) near(end time.Duration) (harness.Window, bool) {
	zero, hit := t.faultTime()
	if !hit || t.measured == nil || !t.measured.Recovery.Applies {
		return harness.Window{}, false
	}
	r := t.measured.Recovery
	last := zero + 2*time.Second
	for _, s := range []harness.Stamp{r.Detected, r.Diagnosed, r.Repaired, r.Restored, r.Data} {
		if s.State == harness.Seen {
			last = max(last, s.Hi)
		}
	}
	const margin = 500 * time.Millisecond
	w := harness.Window{From: max(0, zero-margin).Truncate(harness.TickWidth), To: min(end, (last + margin).Truncate(harness.TickWidth))}
	return w, w.Length() < end/3
}

// end is the last offset that the evidence speaks of.
func (t trial) end() time.Duration {
	end := t.evidence.End.At
	for _, s := range t.evidence.Stages {
		end = max(end, s.To)
	}
	for _, s := range t.evidence.Seconds {
		end = max(end, s.At+time.Second)
	}
	return max(end, time.Second)
}

func (t trial) timeline(c canvas, id, name string, signals []harness.Signal) timelineView {
	if t.of > wholeTrials {
		c.column = 5
	}
	v := timelineView{
		ID: id, Width: int(c.width), Height: int(c.floor) + 26,
		Title:       fmt.Sprintf("Time line of trial %d of %s", t.number, line(name)),
		Description: t.describe(),
		Floor:       chart.Num(c.floor), Left: chart.Num(c.left), Right: chart.Num(c.right),
		Stages: c.stages(t.shownStages()), Faults: c.faults(t.evidence.Injections),
		Outages: c.outages(t.evidence.Outages), Signals: c.markers(signals), Ticks: c.timeTicks(),
	}
	columns, perColumn := c.columns(t.evidence.Seconds)
	v.Good, v.Bad = c.good(columns, perColumn)
	v.Lanes = append(v.Lanes, c.goodLane(perColumn))
	if c.latencyBottom > 0 {
		lane, p99, top, bound := c.latency(t.evidence)
		v.Lanes = append(v.Lanes, lane)
		v.P99, v.Max, v.Bound = p99, top, bound
	} else {
		v.Title = fmt.Sprintf("Around the fault of trial %d of %s", t.number, line(name))
	}
	return v
}

// shownStages are the stages to mark; none for an endpoint that is only
// observed, because its single stage is the whole picture.
func (t trial) shownStages() []harness.StageRecord {
	if t.evidence.Stack.Kind == harness.EndpointKind {
		return nil
	}
	return t.evidence.Stages
}

// describe says in words what the picture shows, for those who do not see it.
func (t trial) describe() string {
	text := fmt.Sprintf("%s of load.", length(t.end()))
	if m := t.measured; m != nil {
		text += fmt.Sprintf(" %s of %s judged requests failed.", count(m.Bad), count(m.Scheduled))
	}
	for _, i := range t.evidence.Injections {
		text += fmt.Sprintf(" %s from %s", faultName(i), offset(i.InjectAt))
		if i.Removed {
			text += " to " + offset(i.RemovedAt)
		}
		text += "."
	}
	return text + fmt.Sprintf(" %s and %s.", plural(len(t.evidence.Outages), "outage"), plural(len(t.evidence.Signals), "signal"))
}
