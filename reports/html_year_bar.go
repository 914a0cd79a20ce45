package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// yearDrawing is the budget as bars: all of the width is all of the budget.
type yearDrawing struct {
	ID, Class, Description string
	Hidden                 bool
	Width, Height          int
	Bars                   []yearBar
	// OneX is the line of the limit for one risk, from OneTop to Floor.
	OneX, OneTop        string
	Left, Right, Floor  string
	Ticks               []tickView
	BackWidth, AxisName string
}

// yearBar is what one risk, or all of them, take: solid to what is expected,
// hatched to the bound.
type yearBar struct {
	Name, Value      string
	NameY, Y         string
	X, Mean          string
	BoundX, Bound    string
	Over             bool
	ArrowX, ArrowMid string
}

// maxYearBars is how many risks are drawn; the table has all of them.
const maxYearBars = 8

func drawYear(y harness.YearBudget) []yearDrawing {
	wide, narrow := yearPicture(y, "year-w", 980), yearPicture(y, "year-n", 380)
	wide.Class = "wide"
	narrow.Class, narrow.Hidden = "narrow", true
	return []yearDrawing{wide, narrow}
}

func yearPicture(y harness.YearBudget, id string, width float64) yearDrawing {
	const left, margin, rowHeight, top = 4.0, 16.0, 46.0, 20.0
	x := chart.Linear{DomainMax: 1, RangeMin: left, RangeMax: width - margin}
	d := yearDrawing{ID: id, Width: int(width), Left: chart.Num(left), Right: chart.Num(x.At(1)), BackWidth: chart.Num(x.At(1) - left)}
	at := top
	var words []string
	add := func(name string, share, most float64, value string) {
		d.Bars = append(d.Bars, newYearBar(x, at, name, share, most, value))
		words = append(words, name+" "+value)
		at += rowHeight
	}
	rows := y.Rows[:min(len(y.Rows), maxYearBars)]
	if len(y.Rows) > 1 {
		share, most := shares(y)
		add("all that was measured", share, most, yearValue(share, y.AtMost, most))
	}
	d.OneTop = chart.Num(at - 14)
	for _, r := range rows {
		add(line(r.Class), r.Share, r.ShareAtMost, yearValue(r.Share, r.AtMost, r.ShareAtMost))
	}
	floor := at - 8
	d.OneX, d.Floor = chart.Num(x.At(0.25)), chart.Num(floor)
	for _, f := range []float64{0, 0.25, 0.5, 0.75, 1} {
		label := fmt.Sprintf("%.0f%s%%", 100*f, nbsp)
		if width > 600 && f > 0 {
			label = length(fraction(y.Budget, f)) + " · " + label
		}
		d.Ticks = append(d.Ticks, newTick(x.At(f), x.At(1), floor+18, label))
	}
	d.Ticks[0].Anchor = "start"
	d.Height = int(floor) + 26
	d.Description = strings.Join(words, "; ") + "."
	return d
}

func newYearBar(x chart.Linear, at float64, name string, share, most float64, value string) yearBar {
	const least = 1.5 // what is not nothing is seen
	mean, bound := x.At(share), x.At(most)
	if share > 0 {
		mean = max(mean, x.RangeMin+least)
	}
	bound = max(bound, mean)
	return yearBar{
		Name: name, Value: value, NameY: chart.Num(at - 6), Y: chart.Num(at),
		X: chart.Num(x.RangeMin), Mean: chart.Num(mean - x.RangeMin), BoundX: chart.Num(mean), Bound: chart.Num(bound - mean),
		Over: most > 1, ArrowX: chart.Num(x.At(1) + 3), ArrowMid: chart.Num(at + 3),
	}
}

// yearValue is "0.2 %, at most 13 %".
func yearValue(share float64, atMost time.Duration, most float64) string {
	if atMost == harness.Unbounded {
		return percent(share) + ", no bound known"
	}
	return percent(share) + ", at most " + percent(most)
}

func fraction(d time.Duration, f float64) time.Duration { return time.Duration(f * float64(d)) }
