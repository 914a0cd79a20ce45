package calibrate

import "time"

// Bounds on |error|, over one event of the schedule: 1/rate is what nobody can
// see, the rest is what the machine and the generator may add.
const (
	medianSlack = 2 * time.Millisecond
	p99Slack    = 10 * time.Millisecond
)

// Limits on the generator, above which a result is about the machine.
const (
	maxNotSent = 0.01
	maxLagP99  = p99Slack
)

// shortest is the length of outage that has to be found whatever the rate; at
// low rates only those that two requests are scheduled in.
const shortest = 20 * time.Millisecond

// Bounds is what the errors at one rate are held to.
type Bounds struct {
	// Gap is 1/rate.
	Gap time.Duration `json:"gapNs"`
	// Median and P99 bound the median and the 99th percentile of |error|.
	Median time.Duration `json:"medianNs"`
	P99    time.Duration `json:"p99Ns"`
}

// boundsAt returns the bounds at a rate in requests per second, > 0.
func boundsAt(rate float64) Bounds {
	gap := time.Duration(float64(time.Second) / rate)
	return Bounds{Gap: gap, Median: gap + medianSlack, P99: gap + p99Slack}
}

// mustFind reports whether an outage of this length has to be found.
func (b Bounds) mustFind(length time.Duration) bool { return length >= max(shortest, 2*b.Gap) }

// hold reports whether errors are within the bounds; of no errors nothing can
// be said, and they are.
func (b Bounds) hold(s Spread) bool { return s.Median <= b.Median && s.P99 <= b.P99 }
