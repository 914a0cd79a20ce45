package chart

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMerge(t *testing.T) {
	tests := map[string]struct {
		in     []Count
		limit  int
		want   []Count
		factor int
	}{
		"what fits is left alone":       {[]Count{{1, 0}, {2, 1}}, 2, []Count{{1, 0}, {2, 1}}, 1},
		"neighbours are added":          {[]Count{{1, 0}, {2, 1}, {3, 1}, {4, 0}}, 2, []Count{{3, 1}, {7, 1}}, 2},
		"the last column may be thin":   {[]Count{{1, 1}, {1, 0}, {1, 0}}, 2, []Count{{2, 1}, {1, 0}}, 2},
		"nothing stays nothing":         {nil, 5, nil, 1},
		"no room is nothing, not panic": {[]Count{{1, 0}}, 0, nil, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, factor := Merge(tt.in, tt.limit)
			if d := cmp.Diff(tt.want, got); d != "" || factor != tt.factor {
				t.Errorf("factor %d, want %d\n%s", factor, tt.factor, d)
			}
		})
	}
	t.Run("no event is lost and the limit holds", rapid.MakeCheck(func(t *rapid.T) {
		in := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Count {
			n := rapid.IntRange(0, 50).Draw(t, "n")
			return Count{n, rapid.IntRange(0, n).Draw(t, "bad")}
		})).Draw(t, "in")
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		got, _ := Merge(in, limit)
		if sum(in) != sum(got) || len(got) > limit {
			t.Fatalf("%v in %d columns, want %v in at most %d", sum(got), len(got), sum(in), limit)
		}
	}))
}

func sum(columns []Count) (s Count) {
	for _, c := range columns {
		s.N += c.N
		s.Bad += c.Bad
	}
	return s
}

func TestGood(t *testing.T) {
	if _, ok := (Count{}).Good(); ok {
		t.Error("an empty column must not count as good")
	}
	if g, ok := (Count{N: 4, Bad: 1}).Good(); !ok || g != 0.75 {
		t.Errorf("Good = %v, %v, want 0.75, true", g, ok)
	}
}
