package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

// excerpt is how much of a bad answer's body goes into its event's detail.
const excerpt = 120

// exchange carries out scheduled requests and puts an Event for each into
// events. It is the http.RoundTripper below vegeta's client, which hands it
// nothing but the number of a hit.
type exchange struct {
	*openLoop
	start     time.Time
	transport *http.Transport
	events    chan harness.Event
	// abort stops the load because it cannot work.
	abort context.CancelCauseFunc

	mu  sync.Mutex
	err error
}

func newExchange(l *openLoop, start time.Time, abort context.CancelCauseFunc) *exchange {
	conns := int(l.workers)
	if l.FreshConnections {
		conns = 0
	}
	return &exchange{
		openLoop:  l,
		start:     start,
		transport: l.guard.Transport(conns),
		events:    make(chan harness.Event, eventBuffer),
		abort:     abort,
	}
}

// RoundTrip carries out the request whose number is in vegeta's header. Its
// answer to vegeta is always an empty 200: results travel through events.
func (x *exchange) RoundTrip(hit *http.Request) (*http.Response, error) {
	seq, err := strconv.ParseUint(hit.Header.Get("X-Vegeta-Seq"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read number of hit: %w", err)
	}
	x.events <- x.do(seq)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: hit}, nil
}

// do sends request seq and says how it ended.
func (x *exchange) do(seq uint64) harness.Event {
	intended := x.start.Add(x.schedule.offset(seq))
	if lag := time.Since(intended); lag > x.Timeout {
		return x.notSent(seq, fmt.Sprintf("generator was %v late, more than the timeout of %v", lag.Round(time.Millisecond), x.Timeout))
	}
	request := x.Requests(seq)
	if err := x.guard.Check(request.URL); err != nil {
		return x.fail(seq, err)
	}
	a := x.send(request)
	if a.class == harness.NotSent {
		return x.notSent(seq, a.detail)
	}
	x.enter(request, intended, a)
	return harness.Event{
		Seq: seq, Intended: intended, Sent: a.sent, Latency: time.Since(intended),
		Class: a.class, Status: a.status, Served: a.served, Detail: capped(a.detail),
	}
}

// answer is what came of one request.
type answer struct {
	// sent is when the request was handed to the transport; what comes after,
	// from opening a connection on, is the stack's time.
	sent   time.Time
	class  harness.Class
	status int
	detail string
	// served are the replicas that the answer names.
	served []string
	// whole is true when the answer came to its end.
	whole bool
}

// send carries out one request.
func (x *exchange) send(r Request) (a answer) {
	ctx, cancel := context.WithTimeout(context.Background(), x.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method(), r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return answer{class: harness.NotSent, detail: err.Error()}
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	sent := time.Now()
	defer func() { a.sent = sent }()
	resp, err := x.transport.RoundTrip(req)
	if err != nil {
		return answer{class: Classify(err), detail: errorText(err)}
	}
	defer resp.Body.Close()
	return x.read(r, resp)
}

// read drains the body, so that the connection can be used again, and judges
// the answer.
func (x *exchange) read(r Request, resp *http.Response) answer {
	a := answer{class: harness.OK, status: resp.StatusCode, served: servedBy(resp.Header)}
	right := r.wants(resp.StatusCode)
	body := io.LimitReader(resp.Body, x.MaxBody)
	var kept []byte
	var err error
	switch {
	case !right:
		kept, err = io.ReadAll(io.LimitReader(body, excerpt))
	case r.Check != nil:
		kept, err = io.ReadAll(body)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	a.whole = err == nil
	switch {
	case err != nil:
		a.class, a.detail = Classify(err), "read body: "+errorText(err)
	case !right:
		a.class, a.detail = classifyStatus(resp.StatusCode), resp.Status+": "+string(bytes.TrimSpace(kept))
	case r.Check != nil:
		if err := r.Check(kept); err != nil {
			a.class, a.detail = harness.WrongBody, err.Error()
		}
	}
	return a
}

// notSent is the event of a request that the generator did not get out.
func (x *exchange) notSent(seq uint64, why string) harness.Event {
	return harness.Event{
		Seq: seq, Intended: x.start.Add(x.schedule.offset(seq)),
		Class: harness.NotSent, Detail: capped(why),
	}
}

// fail stops the load: request seq must not be sent.
func (x *exchange) fail(seq uint64, err error) harness.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err == nil {
		x.err = fmt.Errorf("send request %d: %w", seq, err)
		x.abort(x.err)
	}
	return x.notSent(seq, err.Error())
}

// broken returns why the load stopped itself, or nil.
func (x *exchange) broken() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err
}

// isForbidden reports whether err is the guard's refusal.
func isForbidden(err error) bool { return errors.Is(err, loopback.ErrNotAllowed) }
