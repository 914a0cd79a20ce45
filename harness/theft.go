package harness

import (
	"math"

	"github.com/fournines/fournines/harness/processors"
)

// leastJiffies is over how much time of all processors a share is told: half a
// second of one. A jiffy is too coarse for less.
const leastJiffies = 50

// theft tells from look to look which share of the processors' time the host
// of this virtual machine took away. Not safe for concurrent use.
type theft struct {
	read func() (processors.Times, error)
	seen processors.Times
}

func newTheft(read func() (processors.Times, error)) *theft {
	seen, _ := read() // where nothing is counted nothing is told
	return &theft{read, seen}
}

// share is the share since the last look, in [0,1] and to a thousandth; 0 where
// the system does not count it, and when the last look was just now: then the
// next one tells of both.
func (t *theft) share() float64 {
	now, err := t.read()
	if err != nil {
		return 0
	}
	spent := now.Since(t.seen)
	if spent.All < leastJiffies {
		return 0
	}
	t.seen = now
	return math.Round(1000*min(1, float64(spent.Stolen)/float64(spent.All))) / 1000
}
