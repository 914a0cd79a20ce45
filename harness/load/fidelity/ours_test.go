package fidelity

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// timeout bounds one request of ours.
const timeout = 5 * time.Second

// heard are the events of one load.
type heard struct {
	mu   sync.Mutex
	lags []time.Duration // sent - intended of all that were sent
	bad  map[harness.Class]int
}

func (h *heard) add(e harness.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Class != harness.NotSent {
		h.lags = append(h.lags, e.Sent.Sub(e.Intended))
	}
	if e.Class != harness.OK {
		if h.bad == nil {
			h.bad = map[harness.Class]int{}
		}
		h.bad[e.Class]++
	}
}

// tapped is a load whose events are heard on the way.
type tapped struct {
	harness.Load
	heard *heard
}

func (l tapped) Run(ctx context.Context, emit func(harness.Event)) error {
	return l.Load.Run(ctx, func(e harness.Event) { l.heard.add(e); emit(e) })
}

// sendAlone runs our load by itself for the given length.
func sendAlone(ctx context.Context, requests load.Source, rate float64, length time.Duration) (*heard, error) {
	l, err := load.New(load.Config{Rate: rate, Timeout: timeout, Requests: requests, For: length})
	if err != nil {
		return nil, err
	}
	h := &heard{lags: make([]time.Duration, 0, int(rate*length.Seconds())+1)}
	return h, l.Run(ctx, h.add)
}

// sendInTrial runs our load as a trial without a fault does, with the evidence
// written to a file in dir.
func sendInTrial(ctx context.Context, dir string, requests load.Source, rate float64, length time.Duration) (*heard, error) {
	l, err := load.New(load.Config{Rate: rate, Timeout: timeout, Requests: requests})
	if err != nil {
		return nil, err
	}
	h := &heard{lags: make([]time.Duration, 0, int(rate*length.Seconds())+1)}
	sink, err := os.Create(filepath.Join(dir, "evidence.jsonl"))
	if err != nil {
		return nil, err
	}
	defer sink.Close()
	_, err = harness.Run(ctx, planned(rate, length), harness.Rig{Load: tapped{l, h}}, harness.WithSink(sink))
	return h, err
}

// planned is a trial in which nothing is injected.
func planned(rate float64, length time.Duration) harness.Plan {
	return harness.Plan{Schema: harness.PlanSchema, Trial: 1, Scenario: harness.Scenario{
		Name: "fidelity", Hypothesis: "requests are sent when they are due",
		Load:   harness.LoadSpec{Rate: rate, Mix: "browse", Timeout: timeout},
		Stages: harness.Stages{Baseline: length}, SLO: harness.SLO{Availability: 0.9999},
	}}
}

// to sends requests whose path, below base, is their number.
func to(base string) load.Source {
	return func(seq uint64) load.Request { return load.Request{URL: base + strconv.FormatUint(seq, 10)} }
}

func TestBothWaysOfSendingReachTheTarget(t *testing.T) {
	const rate, length = 200, 500 * time.Millisecond
	for _, test := range []struct {
		rule string
		send func(requests load.Source) (*heard, error)
	}{
		{"the load alone", func(r load.Source) (*heard, error) { return sendAlone(t.Context(), r, rate, length) }},
		{"the load in a trial", func(r load.Source) (*heard, error) { return sendInTrial(t.Context(), t.TempDir(), r, rate, length) }},
	} {
		t.Run(test.rule, func(t *testing.T) {
			tg := newTarget(t, 1000)
			h, err := test.send(to(tg.url()))
			if err != nil {
				t.Fatal(err)
			}
			arrivals, _ := tg.taken()
			if len(h.bad) > 0 || len(arrivals) != len(h.lags) || len(arrivals) < 90 {
				t.Errorf("%d arrivals, %d sent, bad %v; want about 100 and no difference", len(arrivals), len(h.lags), h.bad)
			}
			for _, lag := range h.lags {
				if lag < 0 {
					t.Fatalf("a request was sent %v early", -lag)
				}
			}
		})
	}
}
