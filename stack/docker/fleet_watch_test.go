package docker

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"github.com/fournines/fournines/stack"
)

func TestPlacedReplicasAreScrapedUntilTheyLeave(t *testing.T) {
	of := func(name, placed string) container.Summary {
		return container.Summary{ID: name, State: "running", Labels: map[string]string{
			labelReplica: name, labelComponent: "catalog", labelNode: "a", labelPlaced: placed, LabelReady: "9090/-/ready",
		}}
	}
	found := []container.Summary{of("catalog-5", "true"), of("catalog-1", ""), of("catalog-4", "true"), of(stack.Prometheus, "")}
	text, some := targetsOf(found, map[string]bool{"catalog-5": true})
	var got []scrape
	if err := json.Unmarshal([]byte(text), &got); err != nil || !some {
		t.Fatalf("targets %s, %v, some: %v", text, err, some)
	}
	want := []scrape{{[]string{"catalog-4:9090"}, map[string]string{"replica": "catalog-4", "component": "catalog", "node": "a"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if text, some := targetsOf(found[1:2], nil); text != "[]" || some {
		t.Errorf("targets %s of a platform as it was brought up, want an empty list", text)
	}
	if id, running := watcherOf(found); id != stack.Prometheus || !running {
		t.Errorf("who scrapes is %q, running: %v", id, running)
	}
}

func TestUsageIsWhatTheKernelCounts(t *testing.T) {
	stats := map[string]string{
		"one": `{"read":"2026-01-02T03:04:05Z","cpu_stats":{"cpu_usage":{"total_usage":1500000000}},"memory_stats":{"usage":3000,"limit":10000,"stats":{"inactive_file":1000}}}`,
		"old": `{"read":"2026-01-02T03:04:05Z","cpu_stats":{"cpu_usage":{"total_usage":1500000000}},"memory_stats":{"usage":3000,"limit":10000,"stats":{"total_inactive_file":500,"inactive_file":1000}}}`,
		"end": `{"read":"0001-01-01T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}}`,
	}
	handlers := map[string]http.HandlerFunc{}
	for name, text := range stats {
		handlers["GET /containers/fournines-r-"+name+"/stats"] = func(w http.ResponseWriter, r *http.Request) {
			if q := r.URL.Query(); q.Get("stream") != "false" || q.Get("one-shot") != "true" {
				t.Errorf("asked %s, want one sample at once", r.URL.RawQuery)
			}
			_, _ = w.Write([]byte(text))
		}
	}
	f := &Fleet{engine: fakeEngine(t, handlers), runID: "r"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, want := range map[string]Usage{
		"one": {At: at, CPU: 1500 * time.Millisecond, Memory: 2000, MemoryLimit: 10000},
		"old": {At: at, CPU: 1500 * time.Millisecond, Memory: 2500, MemoryLimit: 10000},
	} {
		if got, err := f.Usage(t.Context(), name); err != nil || got != want {
			t.Errorf("%s uses %+v, %v; want %+v", name, got, err, want)
		}
	}
	for _, name := range []string{"end", "gone"} {
		if got, err := f.Usage(t.Context(), name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s uses %+v, %v; want an error that names it", name, got, err)
		}
	}
}

func TestACoreIsSharedAsItWasChosen(t *testing.T) {
	choices := stack.Choices{Cores: map[string]float64{"catalog": 0.1}, Work: map[string]time.Duration{"catalog": 3 * time.Millisecond}, Autoscale: map[string]stack.Autoscale{"catalog": {Metric: "cpu", Target: 0.7}}}
	for _, r := range recipes("run", choices) {
		if want := choices.Cores[r.component]; r.cores != want {
			t.Errorf("%s may use %v cores, want %v", r.name, r.cores, want)
		}
		at := slices.Index(r.command, "--work")
		if (at >= 0) != (r.component == "catalog") || at >= 0 && r.command[at+1] != "3ms" {
			t.Errorf("%s is started with %q, want work of 3ms for catalog alone", r.name, r.command)
		}
	}
	// The controller is told of the choices, as they were made.
	c, err := newController(t.TempDir(), Options{RunID: "run", Choices: choices, Keep: true}, &exits{}, func() (uint16, error) { return 20001, nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := c.read()
	if err != nil {
		t.Fatal(err)
	}
	var told stack.Choices
	i := slices.Index(rec.Args, "--choices")
	if i < 0 || json.Unmarshal([]byte(rec.Args[i+1]), &told) != nil || !cmp.Equal(told, choices) {
		t.Errorf("the controller is started with %q, want the choices among it", rec.Args)
	}
}
