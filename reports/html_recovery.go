package reports

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports/chart"
)

// recoveryView is what the trial template shows of a recovery.
type recoveryView struct {
	Bars   []barView
	Phases []phaseView
	Story  []storyView
	Notes  []string
	// Logged is nil for a run without logs.
	Logged *loggedView
}

type phaseView struct{ Class, Name, Took, Within string }

type storyView struct {
	Moment, Lead, Between, What, By string
	Missing                         bool
}

// barView is one drawing of the stacked bar.
type barView struct {
	ID, Class, Title, Description string
	Hidden                        bool
	Width, Height                 int
	Left, Right                   string
	Segments                      []segmentView
	Whiskers                      []whiskerView
	// Open marks a recovery that had not ended by the end of the trial.
	Open  bool
	OpenX string
	Ticks []tickView
}

type segmentView struct {
	Known                         bool
	Class, Fill, LabelFill, Label string
	X, Width, Middle              string
	HaloX, HaloWidth              string
}

type whiskerView struct{ From, To string }

// phaseFills are the colours of the phases where no style sheet is applied.
var phaseFills = [...]string{"#8a5a00", "#a8471b", "#22649e", "#2f7a72"}

func (t trial) recovery(id string) *recoveryView {
	if t.measured == nil || !t.measured.Recovery.Applies {
		return nil
	}
	r := t.measured.Recovery
	v := &recoveryView{Logged: t.viewLogged()}
	for i, p := range r.Phases {
		v.Phases = append(v.Phases, viewPhase(p, phaseClass(i, p)))
	}
	total := r.Total
	total.Name = "sum"
	v.Phases = append(v.Phases, viewPhase(total, ""))
	for _, s := range t.story() {
		v.Story = append(v.Story, storyView{Moment: s.moment, Lead: s.when(), Between: s.between, What: s.what, By: s.by, Missing: s.missing})
	}
	for _, n := range r.Notes {
		v.Notes = append(v.Notes, line(n))
	}
	if len(r.Phases) > 0 {
		wide, narrow := bar(r, id+"rw", 980), bar(r, id+"rn", 380)
		wide.Class = "wide"
		narrow.Class, narrow.Hidden = "narrow", true
		v.Bars = []barView{wide, narrow}
	}
	return v
}

func phaseClass(i int, p harness.Phase) string {
	if p.State != harness.Seen {
		return "unknown"
	}
	return fmt.Sprintf("phase-%d", i%len(phaseFills)+1)
}

// phaseName is the phase in words.
func phaseName(p harness.Phase) string {
	if p.Name == harness.DataPhase {
		return "data recovery"
	}
	return line(p.Name)
}

func viewPhase(p harness.Phase, class string) phaseView {
	v := phaseView{Class: class, Name: phaseName(p)}
	switch p.State {
	case harness.Seen:
		v.Took, v.Within = length(p.Length), plusMinus(p.Resolution)
		if bound, ok := p.Below(); ok {
			v.Took, v.Within = "<"+nbsp+length(bound), ""
		}
	case harness.Censored:
		v.Took = "not within " + length(p.Length)
	default:
		v.Took = "not observed"
		if p.Length > 0 {
			v.Took = "not told apart from the next: " + length(p.Length) + " together"
		}
	}
	return v
}

// bar lays out the stacked bar for one width.
func bar(r harness.RecoveryTime, id string, width float64) barView {
	const left, margin, glyph = 14.0, 14.0, 6.6
	b := barView{ID: id, Width: int(width), Height: 56, Title: "Phases of the recovery", Left: chart.Num(left), Right: chart.Num(width - margin)}
	var words []string
	spans := make([]chart.Span, len(r.Phases))
	for i, p := range r.Phases {
		spans[i] = chart.Span{Known: p.State == harness.Seen, Length: p.Length.Seconds(), Resolution: p.Resolution.Seconds()}
		words = append(words, phaseName(p)+" "+viewPhase(p, "").Took)
	}
	b.Open = r.Total.State == harness.Censored
	b.Description = strings.Join(words, ", ") + "."
	total := 0.0
	if r.Total.State != harness.NotSeen {
		total = r.Total.Length.Seconds()
	}
	whole := true
	end := left
	for _, s := range chart.Stack(spans, total, left, width-left-margin) {
		whole = whole && s.Known
		end = s.X + s.Width
		if s.Known && s.Width < 0.5 {
			continue // named in the table
		}
		b.Segments = append(b.Segments, segment(r.Phases, s, glyph))
		if s.WhiskerTo-s.WhiskerFrom >= 2 {
			b.Whiskers = append(b.Whiskers, whiskerView{chart.Num(s.WhiskerFrom), chart.Num(s.WhiskerTo)})
		}
	}
	b.OpenX = chart.Num(end + 2)
	// A scale is honest only where the whole bar is to scale.
	if whole && total > 0 {
		b.Ticks = barTicks(total, left, end)
		b.Right, b.Height = chart.Num(end), 80
	}
	return b
}

func segment(phases []harness.Phase, s chart.Segment, glyph float64) segmentView {
	v := segmentView{
		Known: s.Known, Class: "unknown", LabelFill: "#1c2024",
		X: chart.Num(s.X), Width: chart.Num(s.Width), Middle: chart.Num(s.X + s.Width/2),
	}
	var names []string
	for _, p := range phases[s.First : s.Last+1] {
		names = append(names, phaseName(p))
	}
	name := strings.Join(names, " + ")
	choices := []string{name + " not observed", name + "?", "?"}
	if first := phases[s.First]; first.State == harness.Censored {
		choices = []string{phaseName(first) + " not within " + length(first.Length), phaseName(first) + "?", "?"}
	}
	if s.Known {
		v.Class, v.Fill, v.LabelFill = fmt.Sprintf("phase-%d", s.First%len(phaseFills)+1), phaseFills[s.First%len(phaseFills)], "#ffffff"
		took := viewPhase(phases[s.First], "").Took
		choices = []string{name + " " + took, took}
	}
	for _, label := range choices {
		if w := float64(utf8.RuneCountInString(label)) * glyph; w+10 <= s.Width {
			v.Label = label
			v.HaloX, v.HaloWidth = chart.Num(s.X+s.Width/2-w/2-5), chart.Num(w+10)
			break
		}
	}
	return v
}

func barTicks(total, left, right float64) []tickView {
	x := chart.Linear{DomainMax: total, RangeMin: left, RangeMax: right}
	var ticks []tickView
	for _, d := range chart.TimeTicks(0, time.Duration(total*float64(time.Second)), max(2, int((right-left)/80))) {
		ticks = append(ticks, newTick(x.At(d.Seconds()), right, 74, axis(d)))
	}
	return ticks
}
