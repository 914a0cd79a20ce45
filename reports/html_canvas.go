package reports

import (
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// canvas is the layout of a time line: which window it shows, and where its
// lanes are.
type canvas struct {
	window             harness.Window
	width, left, right float64
	// Tops and bottoms of the lanes; no latency lane when its bottom is 0.
	goodTop, goodBottom, outageTop, latencyTop, latencyBottom, badgeTop, floor float64
	// glyph is the mean width of a letter.
	glyph float64
	// column is the least width of a column of the good lane.
	column float64
	x      chart.Linear
	// zero is what the labels of the time axis count from; relative makes
	// them say so.
	zero     time.Duration
	relative bool
}

// newCanvas lays out all lanes for a window of more than no length.
func newCanvas(width float64, w harness.Window) canvas {
	c := canvas{
		window: w, width: width, left: 58, right: width - 14, glyph: 6.4, column: 1.5,
		goodTop: 74, goodBottom: 138, outageTop: 144, latencyTop: 196, latencyBottom: 280, badgeTop: 292, floor: 322,
	}
	c.x = chart.Linear{DomainMin: w.From.Seconds(), DomainMax: w.To.Seconds(), RangeMin: c.left, RangeMax: c.right}
	return c
}

// closeUp leaves the latency lane out and counts time from the fault: within a
// few seconds there is only a point or two per lane of seconds.
func (c canvas) closeUp(zero time.Duration) canvas {
	c.latencyTop, c.latencyBottom = 0, 0
	c.badgeTop, c.floor = 164, 194
	c.zero, c.relative = zero, true
	return c
}

// at is the coordinate of an offset, clamped to the window.
func (c canvas) at(d time.Duration) float64 { return c.x.At(d.Seconds()) }

// narrow is for pictures on a phone: words are few there.
func (c canvas) narrow() bool { return c.width < 500 }

// shows reports whether any of [from, to] lies in the window.
func (c canvas) shows(from, to time.Duration) bool {
	return to >= c.window.From && from <= c.window.To
}

// timeTicks are the labels of the time axis.
func (c canvas) timeTicks() []tickView {
	from, to := c.window.From-c.zero, c.window.To-c.zero
	var ticks []tickView
	for _, d := range chart.TimeTicks(from, to, max(int(c.width/80), 3)) {
		label := axis(d)
		if c.relative && d > 0 {
			label = "+" + label
		}
		if d < 0 {
			label = "−" + axis(-d)
		}
		ticks = append(ticks, newTick(c.at(d+c.zero), c.right, c.floor+18, label))
	}
	return ticks
}
