package chart

import (
	"math"
	"testing"
)

func TestPath(t *testing.T) {
	var p Path
	p.Line(Point{0, 1}, Point{2.345, -0.001})
	p.Rect(1, 2, 3, 4)
	if got, want := p.String(), "M0 1L2.35 0M1 2h3v4h-3Z"; got != want {
		t.Errorf("path = %q, want %q", got, want)
	}
	t.Run("one point is no line", func(t *testing.T) {
		var p Path
		p.Line(Point{1, 1})
		if p.String() != "" {
			t.Errorf("path = %q, want none", p.String())
		}
	})
}

func TestNum(t *testing.T) {
	for in, want := range map[float64]string{1: "1", 1.005: "1", 2.5: "2.5", -3.14159: "-3.14", math.Inf(1): "0"} {
		if got := Num(in); got != want {
			t.Errorf("Num(%v) = %q, want %q", in, got, want)
		}
	}
	if got := Num(math.NaN()); got != "0" {
		t.Errorf("Num(NaN) = %q, want 0", got)
	}
}
