package chart

import "sort"

// Dots lays one dot per value on a strip: X by value, Y moved off the middle
// line, alternately up and down, where dots of the given radius would overlap.
// The answer has the order of the values.
func Dots(values []float64, x Linear, middle, radius float64) []Point {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return values[order[a]] < values[order[b]] })
	points := make([]Point, len(values))
	var placed []Point
	for _, i := range order {
		p := Point{X: x.At(values[i]), Y: middle}
		for try := 0; overlaps(p, placed, radius) && try < 2*len(values); try++ {
			step := float64(try/2+1) * 2 * radius
			if try%2 == 1 {
				step = -step
			}
			p.Y = middle + step
		}
		points[i] = p
		placed = append(placed, p)
	}
	return points
}

func overlaps(p Point, placed []Point, radius float64) bool {
	for _, q := range placed {
		dx, dy := p.X-q.X, p.Y-q.Y
		if dx*dx+dy*dy < 3.99*radius*radius {
			return true
		}
	}
	return false
}
