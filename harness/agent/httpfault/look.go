package httpfault

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

const (
	// looks is how many requests one look sends, all at the same time.
	looks = 3
	// lookPatience bounds each beyond the wait that the fault asks for.
	lookPatience = 4 * time.Second
)

// NewLook makes the effect of an agent that looks at a service: it changes
// nothing and sends some requests over fresh connections whenever it is asked
// what it sees. Its arguments are "url" and "proof", the value of ProofHeader.
//
// One more is marked to be spared, and tells what the others would have seen
// without the fault.
//
// Counters are, of all answers but that: "fastest-ns" and "slowest-ns"; of the
// last one: "status", 0 for none, "bytes" that came, "announced" by Content-Length,
// -1 for nothing, "hash" of the body and, as 1, "reset" for a connection that
// was; of the spared one: "control-status", "control-bytes", "control-hash".
func NewLook(args map[string]string) (agent.Effect, error) {
	if args["url"] == "" || args["proof"] == "" {
		return nil, errors.New("arguments \"url\" and \"proof\": want the address to look at and the mark of the requests")
	}
	return look{args["url"], args["proof"]}, nil
}

type look struct{ url, proof string }

func (look) Before(context.Context) (map[string]string, error) { return nil, nil }
func (look) Apply(context.Context) error                       { return nil }
func (look) Undo(context.Context, map[string]string) error     { return nil }

// Seen implements agent.Effect. It is active when every request got an answer.
func (l look) Seen(ctx context.Context) (agent.Seen, error) {
	sights := make([]sight, looks)
	var control sight
	var wg sync.WaitGroup
	for i := range sights {
		wg.Go(func() { sights[i] = l.once(ctx, l.proof) })
	}
	wg.Go(func() { control = l.once(ctx, l.proof+spare) })
	wg.Wait()
	last := sights[looks-1]
	seen := agent.Seen{Active: true, Detail: last.String(), Counters: map[string]int64{
		"status": int64(last.status), "bytes": int64(last.bytes), "announced": last.announced, "hash": last.hash,
		"reset":          flag(isReset(last.err)),
		"control-status": int64(control.status), "control-bytes": int64(control.bytes), "control-hash": control.hash,
		"fastest-ns": int64(last.took), "slowest-ns": int64(last.took),
	}}
	for _, s := range sights {
		seen.Active = seen.Active && s.status != 0
		seen.Counters["fastest-ns"] = min(seen.Counters["fastest-ns"], int64(s.took))
		seen.Counters["slowest-ns"] = max(seen.Counters["slowest-ns"], int64(s.took))
	}
	return seen, nil
}

// sight is what came of one request.
type sight struct {
	status, bytes   int
	announced, hash int64
	took            time.Duration
	err             error
}

func (s sight) String() string {
	if s.err != nil {
		return fmt.Sprintf("after %s: status %d, %d bytes of %d: %v", s.took.Round(time.Microsecond*100), s.status, s.bytes, s.announced, s.err)
	}
	return fmt.Sprintf("after %s: status %d, %d bytes", s.took.Round(time.Microsecond*100), s.status, s.bytes)
}

// once sends one request over a connection of its own.
func (l look) once(ctx context.Context, mark string) (s sight) {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	began := time.Now()
	defer func() { s.took = time.Since(began) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url, nil)
	if err != nil {
		return sight{err: err}
	}
	request.Header.Set(ProofHeader, mark)
	fresh := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	resp, err := fresh.RoundTrip(request)
	if err != nil {
		return sight{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestBody))
	sum := fnv.New64a()
	_, _ = sum.Write(body)
	return sight{status: resp.StatusCode, bytes: len(body), announced: resp.ContentLength, hash: int64(sum.Sum64()), err: err}
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// isReset reports whether a connection broke that had been made.
func isReset(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}
