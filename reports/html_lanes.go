package reports

import (
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// columns are the counts of the good lane: ticks, merged until they fit, in
// their place on the time line; seconds without a record are empty. The first
// column starts with the tick that holds the start of the window.
func (c canvas) columns(seconds []harness.Second) (columns []chart.Count, perColumn int) {
	skip := int(c.window.From / harness.TickWidth)
	ticks := make([]chart.Count, int((c.window.To+harness.TickWidth-1)/harness.TickWidth)-skip)
	for _, s := range seconds {
		first := int(s.At/harness.TickWidth) - skip
		for i, tick := range s.Ticks {
			if at := first + i; at >= 0 && at < len(ticks) {
				ticks[at].N += tick.Scheduled
				ticks[at].Bad += tick.Bad
			}
		}
	}
	return chart.Merge(ticks, int((c.right-c.left)/c.column))
}

func (c canvas) good(columns []chart.Count, perColumn int) (good, bad string) {
	// Columns may reach past the window; the scale says where they would end.
	start := c.window.From.Truncate(harness.TickWidth)
	perSecond := (c.right - c.left) / c.window.Length().Seconds()
	x := chart.Linear{DomainMax: float64(len(columns))}
	x.RangeMin = c.left - (c.window.From-start).Seconds()*perSecond
	x.RangeMax = x.RangeMin + float64(len(columns)*perColumn)*harness.TickWidth.Seconds()*perSecond
	return chart.Columns(columns, x, c.goodScale(), 3)
}

func (c canvas) goodScale() chart.Linear {
	return chart.Linear{DomainMax: 1, RangeMin: c.goodBottom, RangeMax: c.goodTop}
}

func (c canvas) goodLane(perColumn int) laneView {
	failed := "failed, outages below"
	if c.narrow() {
		failed = "failed"
	}
	lane := laneView{
		X: chart.Num(c.left), TitleY: chart.Num(c.goodTop - 36), Title: "good requests",
		Keys: []keyView{
			{Class: "soft", Fill: "#5c636e", Text: "per " + length(time.Duration(perColumn)*harness.TickWidth)},
			{Class: "fault-label", Fill: "#a8261f", Text: failed},
		},
	}
	y := c.goodScale()
	for _, share := range []struct {
		at    float64
		label string
	}{{1, "100 %"}, {0, "0 %"}} {
		lane.Grid = append(lane.Grid, c.grid(y.At(share.at), share.label))
	}
	return lane
}

func (c canvas) grid(y float64, label string) gridLine {
	return gridLine{
		X: chart.Num(c.left), X2: chart.Num(c.right), Y: chart.Num(y),
		LabelX: chart.Num(c.left - 8), LabelY: chart.Num(y + 4), Label: label,
	}
}

// latency draws p99 and maximum per second on a logarithmic scale, with a gap
// where nothing was answered.
func (c canvas) latency(e *harness.Evidence) (lane laneView, p99, top string, bound *gridLine) {
	lo, hi := time.Duration(0), time.Duration(0)
	for _, s := range e.Seconds {
		if s.Latency.Count() > 0 {
			p := s.Latency.Quantile(0.99)
			if lo == 0 || p < lo {
				lo = p
			}
			hi = max(hi, s.Latency.Max())
		}
	}
	lane = laneView{X: chart.Num(c.left), TitleY: chart.Num(c.latencyTop - 12), Title: "latency"}
	if lo <= 0 {
		lane.Keys = []keyView{{Class: "soft", Fill: "#5c636e", Text: "nothing was answered"}}
		return lane, "", "", nil
	}
	lane.Keys = []keyView{
		{Class: "key-p99", Fill: "#22649e", Text: "p99 per second"},
		{Class: "key-max", Fill: "#5c636e", Text: "slowest"},
	}
	limit := e.Plan.Scenario.SLO.LatencyBound
	if q, ok := e.Plan.Scenario.SLO.LatencyQuantiles["p99"]; ok && limit == 0 {
		limit = q
	}
	hi = max(hi, limit)
	from, to := chart.Decades(lo.Seconds(), hi.Seconds())
	y := chart.Log{DomainMin: from, DomainMax: to, RangeMin: c.latencyBottom, RangeMax: c.latencyTop}
	for _, tick := range chart.DecadeTicks(from, to) {
		lane.Grid = append(lane.Grid, c.grid(y.At(tick), roundLength(tick)))
	}
	p99 = c.perSecond(e.Seconds, y, func(s harness.Second) time.Duration { return s.Latency.Quantile(0.99) })
	top = c.perSecond(e.Seconds, y, func(s harness.Second) time.Duration { return s.Latency.Max() })
	if limit > 0 {
		g := c.grid(y.At(limit.Seconds()), "limit "+length(limit))
		g.LabelX, g.LabelY = chart.Num(c.right), chart.Num(y.At(limit.Seconds())-5)
		bound = &g
	}
	return lane, p99, top, bound
}

// perSecond draws one value per second in the second's middle.
func (c canvas) perSecond(seconds []harness.Second, y chart.Log, value func(harness.Second) time.Duration) string {
	var path chart.Path
	var run []chart.Point
	last := time.Duration(-1)
	for _, s := range seconds {
		gap := last >= 0 && s.At-last > 3*time.Second/2
		if s.Latency.Count() == 0 || gap {
			path.Dashes(run)
			run = nil
		}
		last = s.At
		if s.Latency.Count() > 0 {
			run = append(run, chart.Point{X: c.at(s.At + time.Second/2), Y: y.At(value(s).Seconds())})
		}
	}
	path.Dashes(run)
	return path.String()
}

// roundLength writes a power of ten of seconds: "10 ms".
func roundLength(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Microsecond)
	switch {
	case d < time.Millisecond:
		return count(int(d.Microseconds())) + nbsp + "µs"
	case d < time.Second:
		return count(int(d.Milliseconds())) + nbsp + "ms"
	}
	return count(int(d.Seconds())) + nbsp + "s"
}
