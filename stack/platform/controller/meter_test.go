package controller

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"
)

// dial is a Gauge that shows what it is told.
type dial struct {
	mu   sync.Mutex
	now  time.Time
	used map[string]float64
}

func (d *dial) Read(_ context.Context, r Replica, _ string) (Reading, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.used[r.Name]
	if !ok {
		return Reading{}, errors.New("it does not answer")
	}
	return Reading{d.now, v}, nil
}

func TestAMeterTurnsWhatGrowsIntoARate(t *testing.T) {
	d := &dial{now: time.Unix(1000, 0), used: map[string]float64{"a": 7, "b": 100}}
	m := NewMeter(d, 4*time.Second)
	replicas := []Replica{{Name: "a"}, {Name: "b"}}
	look := func() Load {
		t.Helper()
		load, err := m.Loads(t.Context(), "catalog", CPUMetric, replicas)
		if err != nil {
			t.Fatal(err)
		}
		return load
	}
	second := func(a, b float64) Load {
		d.now = d.now.Add(time.Second)
		d.used["a"] += a
		d.used["b"] += b
		return look()
	}
	if got := look(); len(got) > 0 {
		t.Errorf("load after one reading: %v, want none", got)
	}
	for n := 1; n <= 2; n++ {
		if got := second(.9, .1); len(got) > 0 {
			t.Errorf("load after %d s: %v, want none before three quarters of the window", n, got)
		}
	}
	expect := func(got Load, want map[string]float64) {
		t.Helper()
		for name, w := range want {
			if math.Abs(got[name]-w) > 1e-9 {
				t.Errorf("load %v, want %v", got, want)
			}
		}
		if len(got) != len(want) {
			t.Errorf("load %v, want %v", got, want)
		}
	}
	expect(second(.9, .1), map[string]float64{"a": .9, "b": .1})
	for range 4 {
		second(.1, .1)
	}
	expect(second(.1, .1), map[string]float64{"a": .1, "b": .1}) // what is older than the window does not count
	d.used["b"] = 0
	expect(second(.1, .5), map[string]float64{"a": .1}) // b is another process
	replicas = replicas[1:]
	look()
	replicas = []Replica{{Name: "a"}, {Name: "b"}}
	if got := look(); len(got) > 0 {
		t.Errorf("load %v, want that a, which was away, begins anew", got)
	}
	delete(d.used, "a")
	for range 3 {
		second(0, .2)
	}
	delete(d.used, "a") // second had made it anew
	if load, err := m.Loads(t.Context(), "catalog", CPUMetric, replicas); err != nil || load["a"] != 0 {
		t.Errorf("load %v, %v; want that of the one that answers alone", load, err)
	}
	d.used = nil
	if load, err := m.Loads(t.Context(), "catalog", CPUMetric, replicas); err == nil {
		t.Errorf("load %v when nobody answers, want an error", load)
	}
}

func TestAMeterTakesMemoryAsItIs(t *testing.T) {
	d := &dial{now: time.Unix(1000, 0), used: map[string]float64{"a": .25}}
	load, err := NewMeter(d, time.Minute).Loads(t.Context(), "catalog", MemoryMetric, []Replica{{Name: "a"}})
	if err != nil || load["a"] != .25 {
		t.Errorf("load %v, %v; want what is in use now", load, err)
	}
}
