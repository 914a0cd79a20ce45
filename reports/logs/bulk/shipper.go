// Package bulk sends the log lines of a run to an endpoint that understands
// Elasticsearch's bulk API: what is not taken is lost there, and nowhere else.
package bulk

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness/loopback"
	"github.com/fournines/fournines/reports/logs"
)

// Bounds on what is sent and on what waits to be.
const (
	// batchLines and batchBytes are the most in one request.
	batchLines = 500
	batchBytes = 1 << 20
	// sendEvery is how long a line waits at most while the endpoint answers.
	sendEvery = time.Second
	// waitingBytes is how much waits while it does not.
	waitingBytes = 16 << 20
	// attempts is how often a line is offered, requestPatience how long one
	// answer may take.
	attempts        = 5
	requestPatience = 10 * time.Second
	// firstPause is the wait before the second attempt; it doubles with each.
	// longestPause bounds it, and what Retry-After asks for.
	firstPause   = 250 * time.Millisecond
	longestPause = 5 * time.Second
)

// Shipper sends records in the background. Add may be called concurrently with
// everything else; Run and Close follow each other.
type Shipper struct {
	endpoint *url.URL
	index    string
	run      string
	client   *http.Client
	// authorization is the value of that header; empty for none.
	authorization string
	pause         time.Duration
	more          chan struct{}

	mu      sync.Mutex
	waiting []document
	bytes   int
	number  int
	tally   tally
}

// tally is what became of the records.
type tally struct {
	added, taken, refused, lost, dropped int
	// why is the first thing that went wrong with any of them.
	why string
}

// New makes a shipper of a run's lines. base is the address that _bulk lies
// below: http://127.0.0.1:9200; it must be on this machine, or its host one of
// allowHosts. authorization is the value of that header, such as "ApiKey …"; empty
// for none.
func New(base, runID, authorization string, allowHosts ...string) (*Shipper, error) {
	guard := loopback.Allowing(allowHosts...)
	if err := guard.Check(base); err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	return &Shipper{
		endpoint: endpoint.JoinPath("_bulk"), index: Index(runID), run: runID, authorization: authorization, pause: firstPause, more: make(chan struct{}, 1),
		client: &http.Client{
			Transport:     guard.Transport(1),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Index is where the lines of a run are found: "fournines-" and the run's ID, in
// small letters, as names of indices must be.
func Index(runID string) string { return "fournines-" + strings.ToLower(runID) }

// Add takes a record to be sent; at is its time. It never blocks: when too much
// waits already the record is dropped and counted.
func (s *Shipper) Add(r logs.Record, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.added++
	s.number++
	d := s.document(r, at, s.number)
	if s.bytes+len(d.raw) > waitingBytes {
		s.tally.dropped++
		s.tally.note(fmt.Sprintf("more than %d bytes waited to be sent", waitingBytes))
		return
	}
	s.waiting = append(s.waiting, d)
	s.bytes += len(d.raw)
	if len(s.waiting) >= batchLines {
		select {
		case s.more <- struct{}{}:
		default:
		}
	}
}

// Run sends what there is once a second, and sooner when there is much, until ctx
// is done.
func (s *Shipper) Run(ctx context.Context) {
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.more:
		}
		s.drain(ctx)
	}
}

// Close sends what is left, until ctx is done, and says what was not taken; nil
// when all was.
func (s *Shipper) Close(ctx context.Context) error {
	s.drain(ctx)
	s.client.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tally
	t.lost += len(s.waiting)
	if len(s.waiting) > 0 {
		t.note("the run ended first")
	}
	if t.taken == t.added {
		return nil
	}
	return fmt.Errorf("ship logs to %s: %d of %d lines were taken, %d refused, %d lost, %d dropped unsent: %s",
		s.endpoint.Redacted(), t.taken, t.added, t.refused, t.lost, t.dropped, t.why)
}

// drain sends batch after batch until nothing waits or ctx is done.
func (s *Shipper) drain(ctx context.Context) {
	for ctx.Err() == nil {
		batch := s.take()
		if len(batch) == 0 {
			return
		}
		if left := s.send(ctx, batch); len(left) > 0 { // ctx is done
			s.giveBack(left)
		}
	}
}

// take removes the next batch from what waits.
func (s *Shipper) take() []document {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, size := 0, 0
	for n < len(s.waiting) && n < batchLines && (n == 0 || size+len(s.waiting[n].raw) <= batchBytes) {
		size += len(s.waiting[n].raw)
		n++
	}
	batch := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	s.bytes -= size
	return batch
}

func (s *Shipper) giveBack(batch []document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(batch, s.waiting...)
	for _, d := range batch {
		s.bytes += len(d.raw)
	}
}

func (s *Shipper) count(f func(*tally)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.tally)
}

func (t *tally) note(why string) {
	if t.why == "" {
		t.why = why
	}
}
