package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDots(t *testing.T) {
	x := Linear{0, 10, 0, 100}
	t.Run("dots keep the order of the values and lie on the middle line", func(t *testing.T) {
		want := []Point{{100, 20}, {0, 20}, {50, 20}}
		if d := cmp.Diff(want, Dots([]float64{10, 0, 5}, x, 20, 4)); d != "" {
			t.Error(d)
		}
	})
	t.Run("equal values are piled up and down, not on top of each other", func(t *testing.T) {
		want := []Point{{50, 20}, {50, 28}, {50, 12}}
		if d := cmp.Diff(want, Dots([]float64{5, 5, 5}, x, 20, 4)); d != "" {
			t.Error(d)
		}
	})
}
