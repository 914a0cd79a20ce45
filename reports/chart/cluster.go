package chart

import (
	"strconv"
	"unicode/utf8"
)

// Marker is one or more neighbouring points of a time line under one label.
type Marker struct {
	// X is the middle of the marker, Width its width.
	X, Width float64
	// First and Last are the numbers of the points it stands for.
	First, Last int
}

// Label is "3" or "3–5".
func (m Marker) Label() string {
	if m.First == m.Last {
		return strconv.Itoa(m.First)
	}
	return strconv.Itoa(m.First) + "–" + strconv.Itoa(m.Last)
}

// Row is where markers are laid out, and how large their labels are.
type Row struct {
	// First is the number of the first point.
	First int
	// Glyph is the width of one character, Pad what is left free around a
	// label.
	Glyph, Pad float64
	// Markers stay within [Lo, Hi] as far as they fit.
	Lo, Hi float64
}

// Cluster joins points whose labels would touch, so that the markers of any
// number of points fit one row without overlap. xs must be ascending.
func (r Row) Cluster(xs []float64) []Marker {
	var done []Marker
	for i, x := range xs {
		done = append(done, Marker{X: x, First: r.First + i, Last: r.First + i})
		for {
			last := &done[len(done)-1]
			last.X = (xs[last.First-r.First] + xs[last.Last-r.First]) / 2
			last.Width = float64(utf8.RuneCountInString(last.Label()))*r.Glyph + 2*r.Pad
			last.X = max(min(last.X, r.Hi-last.Width/2), r.Lo+last.Width/2)
			if len(done) < 2 {
				break
			}
			before := &done[len(done)-2]
			if last.X-last.Width/2 >= before.X+before.Width/2+r.Pad/2 {
				break
			}
			before.Last = last.Last
			done = done[:len(done)-1]
		}
	}
	return done
}
