package netcut

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Bounds of a flap: what is shorter measures the agent, not the network.
const (
	LeastPeriod = 200 * time.Millisecond
	MostPeriod  = 10 * time.Minute
)

// Flap makes a cut come and go: once in each period, for a share of it.
type Flap struct {
	Period time.Duration
	// Share is from 0 to 1, without both.
	Share float64
	// Seed 0 begins each period with the cut. Any other puts it somewhere
	// within the period, the same for the same seed.
	Seed uint64
}

func (f Flap) check() error {
	if f.Period < LeastPeriod || f.Period > MostPeriod || !(f.Share > 0 && f.Share < 1) {
		return fmt.Errorf("want a period from %v to %v with a share between 0 and 1, saw %v and %v", LeastPeriod, MostPeriod, f.Period, f.Share)
	}
	return nil
}

// spell is from when to when in the life of the effect packets are kept.
type spell struct{ from, to time.Duration }

// spells returns what yields one spell after the other, one of each period.
func (f Flap) spells() func() spell {
	rng := rand.New(rand.NewPCG(f.Seed, f.Seed))
	var begin time.Duration
	return func() spell {
		held := time.Duration(float64(f.Period) * f.Share)
		var after time.Duration
		if f.Seed != 0 {
			after = time.Duration(rng.Int64N(int64(f.Period-held) + 1))
		}
		s := spell{begin + after, begin + after + held}
		begin += f.Period
		return s
	}
}
