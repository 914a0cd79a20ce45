package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/controller"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

func TestRequestsAreWhatTheReplicaSaysItself(t *testing.T) {
	m := telemetry.NewMetrics()
	page := httptest.NewServer(m.Handler())
	t.Cleanup(page.Close)
	g := fleetGauge{client: page.Client()}
	read := func() float64 {
		t.Helper()
		got, err := g.Read(t.Context(), controller.Replica{Name: "catalog-1", Health: page.URL + process.ReadyPath}, controller.RequestsMetric)
		if err != nil {
			t.Fatal(err)
		}
		return got.Value
	}
	if got := read(); got != 0 {
		t.Errorf("%v requests before the first one", got)
	}
	for i := range 7 {
		m.Answered("catalog", []int{http.StatusOK, http.StatusNotFound}[i%2], time.Millisecond)
	}
	if got := read(); got != 7 {
		t.Errorf("%v requests, want 7 of all codes", got)
	}
	page.Close()
	if _, err := g.Read(t.Context(), controller.Replica{Health: page.URL + process.ReadyPath}, controller.RequestsMetric); err == nil {
		t.Error("want an error from a replica that does not answer")
	}
}

func TestWantsFollowTheChoices(t *testing.T) {
	scaled := stack.Choices{Autoscale: map[string]stack.Autoscale{"catalog": {Metric: stack.ScaleCPU, Target: 0.7, Max: 5}}}
	find := func(c stack.Choices) *controller.Scale {
		for _, w := range wants(c) {
			if w.Component == "catalog" {
				return w.Scale
			}
		}
		t.Fatal("nobody wants a catalog")
		return nil
	}
	want := &controller.Scale{Metric: controller.CPUMetric, Target: 0.7, Min: 3, Max: 5, Stabilize: stack.DefaultScaleWindow}
	if diff := cmp.Diff(want, find(scaled)); diff != "" {
		t.Errorf("scale (-want +got):\n%s", diff)
	}
	scaled.Without = []string{"autoscale"}
	if got := find(scaled); got != nil {
		t.Errorf("scale %+v of a platform that lacks it", got)
	}
	if got := find(stack.Choices{}); got != nil {
		t.Errorf("scale %+v of a platform whose number is fixed", got)
	}
	if diff := cmp.Diff(stack.ScaleMetrics(), []string{controller.CPUMetric, controller.MemoryMetric, controller.RequestsMetric}); diff != "" {
		t.Errorf("metrics (-chosen +controller's):\n%s", diff)
	}
}
