package chart

import "testing"

func TestShapes(t *testing.T) {
	tests := map[string]struct {
		draw func(*Path)
		want string
	}{
		"a circle is two arcs":                {func(p *Path) { p.Circle(Point{10, 10}, 4) }, "M6 10a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"},
		"a diamond has four corners":          {func(p *Path) { p.Diamond(Point{10, 10}, 4) }, "M10 6l4 4l-4 4l-4 -4Z"},
		"a triangle points up":                {func(p *Path) { p.Triangle(Point{10, 10}, 4) }, "M10 6l4 7h-8Z"},
		"a lonely point of a line is a dash":  {func(p *Path) { p.Dashes([]Point{{10, 10}}) }, "M8 10L12 10"},
		"several points of a line are a line": {func(p *Path) { p.Dashes([]Point{{1, 1}, {2, 2}}) }, "M1 1L2 2"},
		"no points are no line, and no panic": {func(p *Path) { p.Dashes(nil) }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var p Path
			tt.draw(&p)
			if p.String() != tt.want {
				t.Errorf("path = %q, want %q", p.String(), tt.want)
			}
		})
	}
}
