package harness

import (
	"fmt"

	"github.com/fournines/fournines/harness/slo"
)

// counts are requests and how many of them were bad.
type counts struct {
	bad, scheduled int
}

func (c *counts) add(m Measurement) {
	c.bad += m.Bad
	c.scheduled += m.Scheduled
}

// fraction is bad/scheduled, 0 of none.
func (c counts) fraction() float64 { return slo.Fraction(c.bad, c.scheduled) }

// String is "37 of 10,500 requests (0.35 %)".
func (c counts) String() string {
	s := c.plain()
	if c.bad > 0 {
		s += " (" + formatPercent(c.fraction()) + ")"
	}
	return s
}

// beside is String with enough digits to tell the fraction from limit.
func (c counts) beside(limit float64) string {
	if c.bad == 0 {
		return c.plain()
	}
	return c.plain() + " (" + percentBeside(c.fraction(), limit) + ")"
}

// plain is "37 of 10,500 requests".
func (c counts) plain() string {
	return fmt.Sprintf("%s of %s", formatCount(c.bad), plural(c.scheduled, "request"))
}
