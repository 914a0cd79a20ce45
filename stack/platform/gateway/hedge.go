package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

// Hedging sends a read to a second endpoint when the first one takes longer
// than most answers do, and takes the first good answer.
type Hedging struct {
	// Quantile of the answers' times is waited for, in (0,1), and never less
	// than Least.
	Quantile float64         `json:"quantile"`
	Least    config.Duration `json:"least"`
	// Share is the largest share of the requests that are sent twice, in (0,1).
	Share float64 `json:"share"`
}

// mostHedges bounds how many requests in a row may be hedged after a time in
// which none was.
const mostHedges = 10

// errLost is why the slower of two tries ends.
var errLost = errors.New("another try has answered")

// pace is what a service's answers take, and how many hedges are allowed. All
// methods may be called concurrently.
type pace struct {
	mu      sync.Mutex
	typical time.Duration
	credit  float64
}

// saw takes an answer's time into the estimate, which moves up by the quantile
// and down by the rest in steps of a twentieth: it settles where that share of
// the answers is faster, without keeping any of them.
func (p *pace) saw(took time.Duration, quantile float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	step := float64(max(p.typical, time.Millisecond)) / 20
	if took > p.typical {
		p.typical += time.Duration(step * quantile)
	} else {
		p.typical -= time.Duration(step * (1 - quantile))
	}
}

// patience is how long to wait before a second try; every request pays in its
// share of one.
func (p *pace) patience(h Hedging) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.credit = min(mostHedges, p.credit+h.Share)
	return max(p.typical, time.Duration(h.Least))
}

// afford takes one hedge if it is paid for.
func (p *pace) afford() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.credit < 1 {
		return false
	}
	p.credit--
	return true
}

// hedged sends reads a second time.
type hedged struct {
	*resilience
	next http.RoundTripper
}

// outcome is how one of two tries ended.
type outcome struct {
	resp   *http.Response
	err    error
	second bool
	cancel context.CancelCauseFunc
}

// good reports whether the other try need not be waited for.
func (o outcome) good() bool {
	return o.err == nil && o.resp.StatusCode < http.StatusInternalServerError && o.resp.StatusCode != http.StatusMisdirectedRequest
}

// RoundTrip does one try, or two.
func (h hedged) RoundTrip(req *http.Request) (*http.Response, error) {
	c := callOf(req)
	if req.Method != http.MethodGet && req.Method != http.MethodHead || req.Body != nil && req.Body != http.NoBody {
		return h.next.RoundTrip(req)
	}
	limits, pace, began := h.options.Hedging, h.pool.pace, time.Now()
	ends := make(chan outcome, 2)
	start := func(second bool) context.CancelCauseFunc {
		ctx, cancel := context.WithCancelCause(req.Context())
		go func() {
			resp, err := h.next.RoundTrip(req.Clone(ctx))
			ends <- outcome{resp, err, second, cancel}
		}()
		return cancel
	}
	cancel := [2]context.CancelCauseFunc{start(false)}
	wait := time.NewTimer(pace.patience(limits))
	defer wait.Stop()
	var last outcome
	open := 1
	for {
		select {
		case <-wait.C:
			if c.another() && pace.afford() {
				h.pool.guard.Hedged(h.pool.service)
				cancel[1] = start(true)
				open++
			}
			continue
		case last = <-ends:
			open--
		}
		if last.good() || open == 0 {
			break
		}
		last.discard()
	}
	if last.good() {
		pace.saw(time.Since(began), limits.Quantile)
		if last.second {
			h.pool.guard.HedgeWon(h.pool.service)
		}
	}
	if open > 0 {
		cancel[last.other()](errLost)
		go func() { (<-ends).discard() }()
	}
	return last.keep()
}

// other is the place of the other try.
func (o outcome) other() int {
	if o.second {
		return 0
	}
	return 1
}

// discard lets go of an answer that nobody wants.
func (o outcome) discard() {
	if o.resp != nil {
		o.resp.Body.Close()
	}
	o.cancel(nil)
}

// keep hands out the answer; its context ends with its body.
func (o outcome) keep() (*http.Response, error) {
	if o.err != nil {
		o.cancel(nil)
		return nil, o.err
	}
	o.resp.Body = ending{o.resp.Body, func() { o.cancel(nil) }}
	return o.resp, nil
}

// ending is a body that says when it is closed.
type ending struct {
	io.ReadCloser
	ended func()
}

func (e ending) Close() error {
	defer e.ended()
	return e.ReadCloser.Close()
}
