package httpfault

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// choice decides which requests are hit: the n-th of those that the path
// matches always gets the same answer.
type choice struct {
	spec Spec
	n    atomic.Uint64
}

// hit reports whether a request is one of the unlucky, with the random numbers
// that belong to it.
func (c *choice) hit(r *http.Request) (*rand.Rand, bool) {
	if mark := r.Header.Get(ProofHeader); mark != "" {
		r.Header.Del(ProofHeader)
		if mark == c.spec.Proof+spare {
			return nil, false
		}
		if mark == c.spec.Proof {
			return rand.New(rand.NewPCG(c.spec.Seed, 0)), true //nolint:gosec // which requests are hit is no secret
		}
	}
	if !strings.HasPrefix(r.URL.Path, c.spec.Path) {
		return nil, false
	}
	own := rand.New(rand.NewPCG(c.spec.Seed, c.n.Add(1))) //nolint:gosec // as above
	return own, own.Float64() < c.spec.Share
}

// latency is how long one request has to wait.
func (c *choice) latency(own *rand.Rand) time.Duration {
	return max(0, c.spec.Latency+time.Duration((2*own.Float64()-1)*float64(c.spec.Jitter)))
}
