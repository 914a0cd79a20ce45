package chart

import (
	"math"
	"testing"
)

func TestLinear(t *testing.T) {
	s := Linear{DomainMin: 10, DomainMax: 20, RangeMin: 100, RangeMax: 0}
	tests := map[string]struct{ in, want float64 }{
		"the start of the domain is the start of the range": {10, 100},
		"the end of the domain is the end of the range":     {20, 0},
		"values between are proportional":                   {12.5, 75},
		"values below the domain are clamped":               {-5, 100},
		"values above the domain are clamped":               {99, 0},
		"not a number is the start of the range":            {math.NaN(), 100},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := s.At(tt.in); got != tt.want {
				t.Errorf("At(%v) = %v, want %v", tt.in, got, tt.want)
			}
		})
	}
	t.Run("a domain of no length never divides by zero", func(t *testing.T) {
		if got := (Linear{5, 5, 1, 9}).At(5); got != 1 {
			t.Errorf("At = %v, want 1", got)
		}
	})
}

func TestLog(t *testing.T) {
	s := Log{DomainMin: 1, DomainMax: 1000, RangeMin: 0, RangeMax: 300}
	for in, want := range map[float64]float64{1: 0, 10: 100, 100: 200, 1000: 300, 0: 0, -1: 0, 5000: 300} {
		if got := s.At(in); math.Abs(got-want) > 1e-9 {
			t.Errorf("At(%v) = %v, want %v", in, got, want)
		}
	}
}

func TestDecades(t *testing.T) {
	tests := []struct{ lo, hi, from, to float64 }{
		{2, 40, 1, 100},
		{1, 1000, 1, 1000},
		{3, 4, 1, 10},
		{10, 10, 10, 100},
		{0.002, 0.3, 0.001, 1},
	}
	for _, tt := range tests {
		from, to := Decades(tt.lo, tt.hi)
		if math.Abs(from-tt.from) > 1e-12 || math.Abs(to-tt.to) > 1e-9 {
			t.Errorf("Decades(%v, %v) = %v, %v, want %v, %v", tt.lo, tt.hi, from, to, tt.from, tt.to)
		}
	}
}
