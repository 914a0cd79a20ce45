package slo

import (
	"math"
	"testing"
)

func TestCompositionAgreesWithTheExamples(t *testing.T) {
	for name, c := range map[string]struct{ got, want, within float64 }{
		"two of 99 %, either":           {Redundant(.99, .99), .9999, 1e-12},
		"four of 99 %, one spare":       {WithSpares(4, 1, .99), .9994, 1e-12},
		"three hard dependencies":       {Serial(.9999, .9999, .9999), .9997, 1e-7},
		"up 99 of 100":                  {FromTimes(99, 1), .99, 1e-12},
		"two of 99 % as one with spare": {WithSpares(2, 1, .99), .9999, 1e-12},
	} {
		if math.Abs(c.got-c.want) > c.within {
			t.Errorf("%s: got %g, want %g", name, c.got, c.want)
		}
	}
}

func TestCompositionOfNothing(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct{ got, want float64 }{
		"serial, no parts":            {Serial(), 1},
		"serial, not a number":        {Serial(.9, nan), 0},
		"serial, too much":            {Serial(2), 1},
		"redundant, no parts":         {Redundant(), 0},
		"redundant, not a number":     {Redundant(nan), 0},
		"spares, no parts":            {WithSpares(0, 1, .9), 0},
		"spares for all":              {WithSpares(2, 2, 0), 1},
		"spares, negative":            {WithSpares(1, -1, .9), .9},
		"spares, never up":            {WithSpares(9, 1, 0), 0},
		"spares, not a number":        {WithSpares(2, 1, nan), 0},
		"times, none":                 {FromTimes(0, 0), 0},
		"times, never down":           {FromTimes(5, 0), 1},
		"times, up for ever":          {FromTimes(inf, 1), 1},
		"times, down for ever":        {FromTimes(1, inf), 0},
		"times, up is not a number":   {FromTimes(nan, 1), 0},
		"times, down is not a number": {FromTimes(1, nan), 0},
	} {
		if math.Abs(c.got-c.want) > 1e-12 || math.IsNaN(c.got) {
			t.Errorf("%s: got %g, want %g", name, c.got, c.want)
		}
	}
}
