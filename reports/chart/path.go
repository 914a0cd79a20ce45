package chart

import (
	"math"
	"strconv"
	"strings"
)

// Point is a place in the picture.
type Point struct{ X, Y float64 }

// Path builds the d attribute of an SVG path. The zero value is empty. It
// holds letters, digits, dots, minus signs and spaces only.
type Path struct{ b strings.Builder }

// String is the path so far.
func (p *Path) String() string { return p.b.String() }

// Line adds a polyline through the points; nothing for fewer than two.
func (p *Path) Line(points ...Point) {
	if len(points) < 2 {
		return
	}
	for i, q := range points {
		if i == 0 {
			p.op("M", q.X, q.Y)
		} else {
			p.op("L", q.X, q.Y)
		}
	}
}

// Rect adds a closed rectangle.
func (p *Path) Rect(x, y, width, height float64) {
	p.op("M", x, y)
	p.op("h", width)
	p.op("v", height)
	p.op("h", -width)
	p.b.WriteString("Z")
}

// Dashes adds a polyline, and a short dash for a point that stands alone.
func (p *Path) Dashes(points []Point) {
	if len(points) == 1 {
		q := points[0]
		points = []Point{{q.X - 2, q.Y}, {q.X + 2, q.Y}}
	}
	p.Line(points...)
}

func (p *Path) op(letter string, numbers ...float64) {
	p.b.WriteString(letter)
	for i, n := range numbers {
		if i > 0 {
			p.b.WriteByte(' ')
		}
		p.b.WriteString(Num(n))
	}
}

// Num writes a coordinate with at most two decimals; NaN and infinities, which
// SVG cannot hold, become 0.
func Num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	r := math.Round(v*100) / 100
	if r == 0 {
		return "0" // never "-0"
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}
