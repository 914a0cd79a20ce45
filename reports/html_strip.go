package reports

import (
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// stripView shows one number of every trial as a dot.
type stripView struct {
	ID, Title, Description, Missing string
	Width, Height                   int
	Left, Right, Floor              string
	Ticks                           []tickView
	Limit                           *stripLimit
	Dots                            []dotView
}

type stripLimit struct{ X, LabelX, Anchor, Label string }

// dotView is one trial; the outcome has a shape of its own besides the colour.
type dotView struct{ Class, Fill, Shape, Label string }

// metric is one number of a trial; ok is false when it was not measured.
type metric struct {
	name  string
	check string
	value func(*harness.Measurement) (v float64, ok bool)
	label func(float64) string
}

func metrics() []metric {
	inSeconds := func(v float64) string { return length(time.Duration(v * float64(time.Second))) }
	return []metric{
		{"failed requests", "failed", func(m *harness.Measurement) (float64, bool) { return m.FailedFraction, m.Scheduled > 0 }, percent},
		{"downtime by outages", "downtime", func(m *harness.Measurement) (float64, bool) { return m.OutageDowntime.Total.Seconds(), m.Scheduled > 0 }, inSeconds},
		{"recovery time", "recovery", func(m *harness.Measurement) (float64, bool) {
			p := recovered(m.Recovery)
			return p.Length.Seconds(), m.Recovery.Applies && p.State == harness.Seen
		}, inSeconds},
	}
}

// strips are drawn for several trials only.
func (s scenario) strips(id int) []stripView {
	if len(s.trials) < 2 {
		return nil
	}
	var views []stripView
	for i, m := range metrics() {
		if v, ok := s.strip(m, fmt.Sprintf("s%dm%d", id, i)); ok {
			views = append(views, v)
		}
	}
	return views
}

func (s scenario) strip(m metric, id string) (stripView, bool) {
	const width, left, right, floor = 400.0, 12.0, 388.0, 74.0
	v := stripView{ID: id, Title: m.name, Width: int(width), Height: 100, Left: chart.Num(left), Right: chart.Num(right), Floor: chart.Num(floor)}
	var values []float64
	var shown []trial
	top := 0.0
	for _, t := range s.trials {
		if t.measured == nil {
			continue
		}
		if value, ok := m.value(t.measured); ok {
			values, shown, top = append(values, value), append(shown, t), max(top, value)
		}
	}
	if len(values) == 0 {
		return v, false
	}
	if missing := len(s.trials) - len(values); missing > 0 {
		v.Missing = fmt.Sprintf("not observed in %s", plural(missing, "trial"))
	}
	limit, limitText := s.limitOf(m.check)
	if limit != nil {
		top = max(top, *limit)
	}
	if top == 0 {
		top = 1e-9 // everything is 0: one column of dots at the left
	}
	x := chart.Linear{DomainMax: top * 1.12, RangeMin: left + 8, RangeMax: right}
	if limit != nil {
		at := x.At(*limit)
		l := stripLimit{X: chart.Num(at), LabelX: chart.Num(at - 5), Anchor: "end", Label: "limit " + limitText}
		if at < width/2 {
			l.LabelX, l.Anchor = chart.Num(at+5), "start"
		}
		v.Limit = &l
	}
	for i, p := range chart.Dots(values, x, 56, 4.5) {
		p.Y = min(max(p.Y, 40), floor-5)
		v.Dots = append(v.Dots, dot(p, shown[i], m.label(values[i])))
	}
	v.Ticks = []tickView{newTick(left+8, right, floor+18, "0")}
	if limit == nil || top > *limit {
		v.Ticks = append(v.Ticks, newTick(x.At(top), right, floor+18, m.label(top)))
	}
	v.Description = fmt.Sprintf("%s in %s: from %s to %s.", m.name, plural(len(values), "trial"), m.label(slices.Min(values)), m.label(slices.Max(values)))
	return v, true
}

// limitOf is the limit that the findings name for a check.
func (s scenario) limitOf(check string) (*float64, string) {
	for _, f := range s.Findings {
		if f.Check == check && f.LimitValue != nil {
			return f.LimitValue, limit(f)
		}
	}
	return nil, ""
}

func dot(p chart.Point, t trial, value string) dotView {
	var path chart.Path
	fill := "#8a5a00"
	switch t.outcome {
	case harness.Pass:
		fill = "#18794e"
		path.Circle(p, 4.5)
	case harness.Fail:
		fill = "#c4322b"
		path.Rect(p.X-4.5, p.Y-4.5, 9, 9)
	case harness.Invalid:
		fill = "#6e4bb5"
		path.Diamond(p, 5.5)
	default:
		path.Triangle(p, 5.5)
	}
	return dotView{Class: t.outcome.String(), Fill: fill, Shape: path.String(), Label: fmt.Sprintf("trial %d: %s, %s", t.number, value, t.outcome)}
}
