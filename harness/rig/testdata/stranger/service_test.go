package shop_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// shop is the service under test: it answers from its cache, and without the
// cache not at all.
type shop struct{ cacheGone atomic.Bool }

func (s *shop) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if s.cacheGone.Load() {
		http.Error(w, "no cache", http.StatusServiceUnavailable)
	}
}

// cacheLoss is a fault of our own. It is its own Injection.
type cacheLoss struct{ shop *shop }

func (f cacheLoss) String() string { return `cache-loss "shop-1"` }

// Prepare says how the fault is undone, before anything is touched.
func (f cacheLoss) Prepare(context.Context) (harness.UndoRecipe, error) {
	return harness.UndoRecipe{Summary: "the cache is given back"}, nil
}

func (f cacheLoss) Inject(context.Context) (harness.Injection, error) {
	f.shop.cacheGone.Store(true)
	return f, nil
}

// Await is the proof of effect; a real one asks the service from outside.
func (f cacheLoss) Await(context.Context) error {
	if !f.shop.cacheGone.Load() {
		return errors.New("await cache-loss: want the cache gone, it is there")
	}
	return nil
}

func (f cacheLoss) Recover(context.Context) error {
	f.shop.cacheGone.Store(false)
	return nil
}

func TestALostCacheIsNotSurvived(t *testing.T) {
	service := &shop{}
	server := httptest.NewServer(service)
	defer server.Close()

	limit := 0.01
	scenario := harness.Scenario{
		Name:       "cache-loss",
		Hypothesis: "without its cache the shop still answers 99 requests in a hundred",
		Load:       harness.LoadSpec{Rate: 100, Mix: "front-page", Timeout: time.Second},
		Stages:     harness.Stages{Steady: time.Second, Baseline: time.Second, Disruption: 2 * time.Second, Recovery: time.Second},
		Faults:     []harness.FaultSpec{{Action: "cache-loss", Target: harness.TargetSpec{Component: "shop", Mode: "all"}}},
		SLO:        harness.SLO{Availability: 0.9999},
		Limits:     harness.Limits{FailedFraction: &limit},
	}
	targets := []harness.Target{{Name: "shop-1", Component: "shop", Node: "here"}}
	plan, err := harness.Resolve(scenario, 7, 1, targets)
	if err != nil {
		t.Fatal(err) // every mistake in the scenario
	}
	requests, err := load.New(load.Config{
		Rate: scenario.Load.Rate, Timeout: scenario.Load.Timeout,
		Requests: func(uint64) load.Request { return load.Request{URL: server.URL} },
	})
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := harness.Run(t.Context(), plan, harness.Rig{
		Load:   requests,
		Faults: []harness.Fault{cacheLoss{service}}, // one for each of plan.Injections
		Stack:  harness.StackInfo{Kind: "shop", Targets: targets},
	})
	if err != nil {
		t.Fatal(err) // the harness could not do its job
	}
	verdict := harness.Judge(scenario, []harness.Evidence{evidence}, nil)
	if verdict.Outcome == harness.Invalid {
		t.Skip(verdict.Sentence) // no evidence, such as on a busy machine; t.Fatal where there must be some
	}
	if verdict.Outcome != harness.Fail { // this shop has no other way to answer
		t.Errorf("%s: %+v", verdict.Outcome, verdict.Findings)
	}
}
