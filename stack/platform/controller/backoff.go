package controller

import (
	"math/rand/v2"
	"time"
)

// jitter is the largest share by which a delay is made longer, so that
// replicas that ended together do not come back together.
const jitter = 0.2

// crashes is what is known of the ends of one replica's process.
type crashes struct {
	// inRow is how many times in a row it ended without having run long.
	inRow int
	// since is when its present process was started or first seen.
	since time.Time
	// due is when it may be started again; zero while it runs.
	due time.Time
}

// ended notes that the process ended, and says when it may be started again.
// It is called once for each end.
func (c *crashes) ended(now time.Time, t Timing, random *rand.Rand) time.Time {
	if !c.since.IsZero() && now.Sub(c.since) >= t.StableAfter {
		c.inRow = 0
	}
	c.inRow++
	c.due = now.Add(t.delay(c.inRow, random))
	return c.due
}

// runs notes that the process runs.
func (c *crashes) runs(now time.Time) {
	if c.since.IsZero() || !c.due.IsZero() {
		c.since = now
	}
	c.due = time.Time{}
}

// delay is how long to wait before start n in a row, from 1: the first comes
// at once.
func (t Timing) delay(n int, random *rand.Rand) time.Duration {
	if n <= 1 {
		return 0
	}
	d := t.BackOffMost
	if n-2 < 32 { // else the shift would overflow
		if doubled := t.BackOff << (n - 2); doubled > 0 {
			d = min(d, doubled)
		}
	}
	return d + time.Duration(float64(d)*jitter*random.Float64())
}
