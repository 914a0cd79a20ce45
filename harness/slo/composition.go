package slo

import "math"

// Serial is the availability of a service that needs all of its parts, when
// they fail independently: their product. Without parts it is 1. Parts are
// clamped to [0,1]; not a number is 0.
//
// Source of this file: AWS, "Availability and Beyond".
func Serial(parts ...float64) float64 {
	all := 1.0
	for _, a := range parts {
		all *= share(a)
	}
	return all
}

// Redundant is the availability of a service that needs any one of its parts,
// when they fail independently: 1 - prod(1-a). Without parts it is 0.
func Redundant(parts ...float64) float64 {
	none := 1.0
	for _, a := range parts {
		none *= 1 - share(a)
	}
	return 1 - none
}

// WithSpares is the availability of n parts of which any spares may be down,
// nearly: 1 - C(n, spares+1)*(1-part)^(spares+1), which leaves out that still
// more are down. It is clamped to [0,1]; without parts it is 0, and with
// enough spares for all of them 1.
func WithSpares(n, spares int, part float64) float64 {
	switch {
	case n <= 0:
		return 0
	case spares >= n:
		return 1
	}
	down, ways := max(spares, 0)+1, 1.0
	for i := range down {
		ways *= float64(n-i) / float64(i+1)
	}
	return share(1 - ways*math.Pow(1-share(part), float64(down)))
}

// FromTimes is the availability of a part with a mean time between failures
// (up) and a mean time to recover (down): up/(up+down). Negative times count
// as 0; of no time it is 0.
func FromTimes(up, down float64) float64 {
	up, down = max(up, 0), max(down, 0)
	if !(up > 0) || !finite(down) {
		return 0
	}
	if !finite(up) {
		return 1
	}
	return 1 / (1 + down/up)
}

// share clamps x to [0,1]; not a number is 0.
func share(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}
