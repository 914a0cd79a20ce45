package chart

// Circle adds a circle around a point.
func (p *Path) Circle(c Point, radius float64) {
	p.op("M", c.X-radius, c.Y)
	p.op("a", radius, radius, 0, 1, 0, 2*radius, 0)
	p.op("a", radius, radius, 0, 1, 0, -2*radius, 0)
	p.b.WriteString("Z")
}

// Diamond adds a square that stands on its corner.
func (p *Path) Diamond(c Point, radius float64) {
	p.op("M", c.X, c.Y-radius)
	p.op("l", radius, radius)
	p.op("l", -radius, radius)
	p.op("l", -radius, -radius)
	p.b.WriteString("Z")
}

// Triangle adds a triangle that points up.
func (p *Path) Triangle(c Point, radius float64) {
	p.op("M", c.X, c.Y-radius)
	p.op("l", radius, 2*radius-1)
	p.op("h", -2*radius)
	p.b.WriteString("Z")
}
