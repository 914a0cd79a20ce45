package chart

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCluster(t *testing.T) {
	labels := func(ms []Marker) (ls []string) {
		for _, m := range ms {
			ls = append(ls, m.Label())
		}
		return ls
	}
	tests := map[string]struct {
		xs   []float64
		want []string
	}{
		"points far apart keep their own markers": {[]float64{20, 100, 180}, []string{"1", "2", "3"}},
		"points close together share a marker":    {[]float64{20, 22, 23, 180}, []string{"1–3", "4"}},
		"a wider label swallows its neighbour":    {[]float64{50, 52, 64}, []string{"1–3"}},
		"no points, no markers":                   {nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, labels(Row{First: 1, Glyph: 6, Pad: 3, Hi: 200}.Cluster(tt.xs))); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("numbers go on from the first one given", func(t *testing.T) {
		row := Row{First: 7, Glyph: 6, Pad: 3, Hi: 200}
		if d := cmp.Diff([]string{"7–8", "9"}, labels(row.Cluster([]float64{50, 52, 120}))); d != "" {
			t.Error(d)
		}
	})
	t.Run("markers never overlap and every point has one", rapid.MakeCheck(func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(0, 900), 1, 60).Draw(t, "xs")
		slices.Sort(xs)
		next := 1
		var end float64
		for i, m := range (Row{First: 1, Glyph: 6, Pad: 3, Hi: 900}).Cluster(xs) {
			if m.First != next || m.Last < m.First {
				t.Fatalf("marker %d is %d–%d, want it to start at %d", i, m.First, m.Last, next)
			}
			if left := m.X - m.Width/2; i > 0 && left < end {
				t.Fatalf("marker %d starts at %v, before %v where the last one ends", i, left, end)
			}
			next, end = m.Last+1, m.X+m.Width/2
		}
		if next != len(xs)+1 {
			t.Fatalf("markers end at point %d of %d", next-1, len(xs))
		}
	}))
}
