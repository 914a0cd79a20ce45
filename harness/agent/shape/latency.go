package shape

import (
	"math"
	"math/rand/v2"
	"time"
)

// latencies makes the latency of one packet after another. Behind it runs a
// series of standard normal values, each with the plan's correlation to the
// one before; every distribution is made of it by its quantiles, so that
// correlation leaves the distribution as it is.
type latencies struct {
	plan  Plan
	rng   *rand.Rand
	z     float64
	begun bool
}

func (l *latencies) next() time.Duration {
	if l.plan.Jitter == 0 {
		return l.plan.Latency
	}
	z := l.rng.NormFloat64()
	if rho := l.plan.Correlation; l.begun {
		z = rho*l.z + math.Sqrt(1-rho*rho)*z
	}
	l.z, l.begun = z, true
	return max(0, l.plan.Latency+time.Duration(l.spread(z)*float64(l.plan.Jitter)))
}

const (
	// paretoExponent is also what netem's table is made of: the least whole
	// one with a variance.
	paretoExponent = 3
	// paretoCut keeps one packet in ten thousand from being late beyond bounds.
	paretoCut = 0.9999
)

// paretoMean and paretoDeviation are those of the exponent, for a least value
// of 1.
var (
	paretoMean      = paretoExponent / (paretoExponent - 1.0)
	paretoDeviation = math.Sqrt(paretoExponent/(paretoExponent-2.0)) / (paretoExponent - 1)
)

// spread is how many jitters a packet is away from the latency.
func (l *latencies) spread(z float64) float64 {
	switch l.plan.Distribution {
	case Normal:
		return z
	case Pareto:
		u := min(share(z), paretoCut)
		return (math.Pow(1-u, -1.0/paretoExponent) - paretoMean) / paretoDeviation
	default:
		return 2*share(z) - 1
	}
}

// share is the part of the standard normal distribution below z.
func share(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
