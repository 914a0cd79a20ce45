package chart

import "math"

// Linear maps a domain to a range. Values outside the domain are clamped to
// it, so nothing is ever drawn outside its lane. A domain of no length maps to
// the start of the range.
type Linear struct {
	DomainMin, DomainMax float64
	RangeMin, RangeMax   float64
}

// At returns the coordinate of v.
func (s Linear) At(v float64) float64 {
	if s.DomainMax == s.DomainMin || math.IsNaN(v) {
		return s.RangeMin
	}
	f := (v - s.DomainMin) / (s.DomainMax - s.DomainMin)
	return s.RangeMin + min(max(f, 0), 1)*(s.RangeMax-s.RangeMin)
}

// Log maps a domain of positive numbers to a range by their logarithm, clamped
// like Linear; 0 and less map to the start of the range.
type Log struct {
	DomainMin, DomainMax float64
	RangeMin, RangeMax   float64
}

// At returns the coordinate of v.
func (s Log) At(v float64) float64 {
	if v <= 0 || s.DomainMin <= 0 || s.DomainMax <= 0 {
		return s.RangeMin
	}
	return Linear{math.Log(s.DomainMin), math.Log(s.DomainMax), s.RangeMin, s.RangeMax}.At(math.Log(v))
}

// Decades returns the smallest whole decades (powers of ten) that hold
// [lo, hi]; at least one decade. lo and hi must be > 0.
func Decades(lo, hi float64) (from, to float64) {
	const slack = 1e-9 // 10^log10(1000) must not spill into the next decade
	a := math.Floor(math.Log10(lo) + slack)
	b := math.Ceil(math.Log10(hi) - slack)
	if b <= a {
		b = a + 1
	}
	return math.Pow(10, a), math.Pow(10, b)
}
