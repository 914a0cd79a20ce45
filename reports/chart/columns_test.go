package chart

import "testing"

func TestColumns(t *testing.T) {
	x := Linear{0, 4, 0, 40}
	y := Linear{0, 1, 100, 0}
	tests := map[string]struct {
		in        []Count
		good, bad string
	}{
		"neighbours of one height are one rectangle": {[]Count{{5, 0}, {9, 0}}, "M0 0h20v100h-20Z", ""},
		"bad events hang from the top":               {[]Count{{4, 1}}, "M0 25h10v75h-10Z", "M0 0h10v25h-10Z"},
		"one bad event in thousands is still seen":   {[]Count{{10000, 1}}, "M0 0.01h10v99.99h-10Z", "M0 0h10v3h-10Z"},
		"an empty column is a gap":                   {[]Count{{1, 0}, {}, {1, 0}}, "M0 0h10v100h-10ZM20 0h10v100h-10Z", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			good, bad := Columns(tt.in, x, y, 3)
			if good != tt.good || bad != tt.bad {
				t.Errorf("got  %q, %q\nwant %q, %q", good, bad, tt.good, tt.bad)
			}
		})
	}
}
