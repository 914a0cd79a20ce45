package chart

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestStack(t *testing.T) {
	known := func(length, resolution float64) Span {
		return Span{Known: true, Length: length, Resolution: resolution}
	}
	tests := map[string]struct {
		spans []Span
		total float64
		want  []Segment
	}{
		"known parts are to scale": {
			[]Span{known(1, 0), known(3, 0)}, 4,
			[]Segment{{First: 0, Last: 0, Known: true, X: 0, Width: 25, WhiskerFrom: 25, WhiskerTo: 25},
				{First: 1, Last: 1, Known: true, X: 25, Width: 75, WhiskerFrom: 100, WhiskerTo: 100}},
		},
		"whiskers show the resolution and stay in the bar": {
			[]Span{known(2, 1), known(2, 1)}, 4,
			[]Segment{{First: 0, Last: 0, Known: true, X: 0, Width: 50, WhiskerFrom: 25, WhiskerTo: 75},
				{First: 1, Last: 1, Known: true, X: 50, Width: 50, WhiskerFrom: 75, WhiskerTo: 100}},
		},
		"an unknown part fills what the known ones leave": {
			[]Span{{}, known(1, 0)}, 2,
			[]Segment{{First: 0, Last: 0, X: 0, Width: 50, WhiskerFrom: 50, WhiskerTo: 50},
				{First: 1, Last: 1, Known: true, X: 50, Width: 50, WhiskerFrom: 100, WhiskerTo: 100}},
		},
		"neighbouring unknown parts are one": {
			[]Span{{}, {}, known(1, 0)}, 2,
			[]Segment{{First: 0, Last: 1, X: 0, Width: 50, WhiskerFrom: 50, WhiskerTo: 50},
				{First: 2, Last: 2, Known: true, X: 50, Width: 50, WhiskerFrom: 100, WhiskerTo: 100}},
		},
		"an unknown part is seen even when nothing is left for it": {
			[]Span{known(1, 0), {}}, 1,
			[]Segment{{First: 0, Last: 0, Known: true, X: 0, Width: 88, WhiskerFrom: 88, WhiskerTo: 88},
				{First: 1, Last: 1, X: 88, Width: 12, WhiskerFrom: 100, WhiskerTo: 100}},
		},
		"nothing known is one unknown bar": {
			[]Span{{}, {}}, 0,
			[]Segment{{First: 0, Last: 1, X: 0, Width: 100, WhiskerFrom: 100, WhiskerTo: 100}},
		},
		"all zero has no width": {
			[]Span{known(0, 0)}, 0,
			[]Segment{{First: 0, Last: 0, Known: true}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := Stack(tt.spans, tt.total, 0, 100)
			if d := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
				t.Error(d)
			}
			for _, s := range got {
				if math.IsNaN(s.X) || math.IsNaN(s.Width) {
					t.Errorf("segment %v is not a number", s)
				}
			}
		})
	}
}
