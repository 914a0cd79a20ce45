package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
)

// TimeoutHeader tells an endpoint how long, in milliseconds, its answer is
// waited for. A client may send it to have less than the gateway's Deadline.
const TimeoutHeader = "X-Request-Timeout-Ms"

// largestHeld is the largest answer, in bytes, that is taken whole before it
// is passed on, so that an endpoint that dies in the middle of it costs a
// retry and not a broken answer.
const largestHeld = 256 << 10

// errNoEndpoint means that there is nobody (else) to send a request to.
var errNoEndpoint = errors.New("no endpoint is known")

// call is one client's request on its way.
type call struct {
	ctx     context.Context // ends with the client or at the deadline
	pool    *pool
	options Options

	mu    sync.Mutex
	tried []*endpoint
}

// next picks the endpoint for the next try, and notes it; nil when there is
// none left.
func (c *call) next() *endpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.options.Has(RedispatchFeature) && len(c.tried) > 0 {
		return c.tried[0]
	}
	e := c.pool.pick(c.tried)
	if e != nil {
		c.tried = append(c.tried, e)
	}
	return e
}

// names are the endpoints tried so far.
func (c *call) names() (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.tried {
		names = append(names, e.Name)
	}
	return names
}

type callKey struct{}

// callOf returns the call that a request belongs to.
func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

// tries sends requests to endpoints, each to one that its call has not tried.
type tries struct{}

// RoundTrip does one try.
func (tries) RoundTrip(r *http.Request) (*http.Response, error) {
	c := callOf(r)
	e := c.next()
	if e == nil {
		return nil, errNoEndpoint
	}
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host = "http", e.Address
	out.Header.Set(process.ServiceHeader, c.pool.service)
	out.Header.Set(TimeoutHeader, strconv.FormatInt(c.timeLeft().Milliseconds(), 10))

	e.inFlight.Add(1)
	defer e.inFlight.Add(-1)
	resp, err := e.transport.RoundTrip(out)
	if err == nil {
		err = hold(resp)
	}
	how := classify(c.ctx, r.Context(), resp, err)
	e.record(how)
	c.pool.metrics.Tried(c.pool.service, e.Name, string(how))
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// timeLeft is how long the next try may take.
func (c *call) timeLeft() time.Duration {
	left := time.Duration(c.options.Timeouts.Try)
	if deadline, ok := c.ctx.Deadline(); ok {
		left = min(left, time.Until(deadline))
	}
	return max(left, 0)
}

// another reports whether there is an endpoint left to try.
func (c *call) another() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.options.Has(RedispatchFeature) || len(c.pool.candidates(c.tried)) > 0
}

// hold takes a short answer whole. An answer of unknown or great length is
// left to stream, except that a server error's is cut off: it may be replaced
// by another endpoint's answer.
func hold(resp *http.Response) error {
	short := 0 <= resp.ContentLength && resp.ContentLength <= largestHeld
	if !short && resp.StatusCode < http.StatusInternalServerError {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestHeld))
	resp.Body.Close()
	if err != nil {
		return err
	}
	if !short {
		resp.ContentLength = int64(len(body))
		resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
