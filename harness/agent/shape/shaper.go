package shape

import (
	"math/rand/v2"
	"time"
)

// Fate is what becomes of one packet.
type Fate struct {
	Drop, Duplicate, Corrupt bool
	// Hold is how long it is kept; Overtaken lets those behind it pass.
	Hold      time.Duration
	Overtaken bool
}

// Shaper decides the fate of one packet after another. It is not safe for
// concurrent use.
type Shaper struct {
	plan      Plan
	rng       *rand.Rand
	latencies latencies
	link      link
	count     int
}

// stream keeps the random numbers of packets apart from others of one seed.
const stream = 0x7368617065

// New makes a shaper of a plan that Check found possible.
func New(p Plan) *Shaper {
	rng := rand.New(rand.NewPCG(p.Seed, stream))
	s := &Shaper{plan: p, rng: rng, latencies: latencies{plan: p, rng: rand.New(rand.NewPCG(p.Seed, stream+1))}}
	if p.Bursts != nil {
		s.link.Bursts = *p.Bursts
	}
	return s
}

// Next decides about the next packet.
func (s *Shaper) Next() Fate {
	s.count++
	if s.loses() {
		return Fate{Drop: true}
	}
	f := Fate{Duplicate: s.happens(s.plan.Duplicate), Corrupt: s.happens(s.plan.Corrupt), Hold: s.latencies.next()}
	if s.heldBack() {
		f.Hold, f.Overtaken = f.Hold+s.plan.HoldBack, true
	}
	return f
}

func (s *Shaper) loses() bool {
	if s.plan.Bursts != nil {
		return s.link.loses(s.rng)
	}
	return s.happens(s.plan.Loss)
}

func (s *Shaper) heldBack() bool {
	if s.plan.Gap > 0 {
		return s.count%s.plan.Gap == 0
	}
	return s.happens(s.plan.Reorder)
}

// happens is true in the given share of cases. What never happens draws no
// number.
func (s *Shaper) happens(share float64) bool { return share > 0 && s.rng.Float64() < share }

// Below is a random number from 0 to n-1, from the plan's seed.
func (s *Shaper) Below(n int) int { return s.rng.IntN(n) }
