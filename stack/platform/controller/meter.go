package controller

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Reading is how much a replica has used of something at one time.
type Reading struct {
	At time.Time
	// Value is, for CPUMetric, the processor time since the replica's start in
	// seconds, divided by the cores that it may use; for RequestsMetric the
	// requests that it has answered since its start; for MemoryMetric the share
	// that is in use.
	Value float64
}

// Gauge reads what replicas use.
type Gauge interface {
	// Read reads a metric of a replica. It is called concurrently.
	Read(ctx context.Context, r Replica, metric string) (Reading, error)
}

// NewMeter makes a Meter of what a gauge reads. What only grows is turned into
// a rate over the last window: a replica has a value when it has been read for
// three quarters of one, so that what its start took does not count as load.
func NewMeter(g Gauge, window time.Duration) Meter {
	return &meter{gauge: g, window: window, readings: map[meterKey][]Reading{}}
}

type meter struct {
	gauge  Gauge
	window time.Duration

	mu sync.Mutex
	// readings are of the last window and the one before it, oldest first.
	readings map[meterKey][]Reading
}

type meterKey struct{ component, metric, replica string }

// Loads implements Meter. Replicas that cannot be read are left out; it is an
// error when that is so of all.
func (m *meter) Loads(ctx context.Context, component, metric string, replicas []Replica) (Load, error) {
	fresh := make([]Reading, len(replicas))
	problems := make([]error, len(replicas))
	var all sync.WaitGroup
	for i, r := range replicas {
		all.Go(func() { fresh[i], problems[i] = m.gauge.Read(ctx, r, metric) })
	}
	all.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	load := Load{}
	there := map[meterKey]bool{}
	var failed error
	read := 0
	for i, r := range replicas {
		key := meterKey{component, metric, r.Name}
		there[key] = true
		if problems[i] != nil {
			failed = problems[i]
			continue
		}
		read++
		if metric == MemoryMetric {
			load[r.Name] = fresh[i].Value
			continue
		}
		m.readings[key] = m.add(m.readings[key], fresh[i])
		if rate, ok := m.rate(m.readings[key]); ok {
			load[r.Name] = rate
		}
	}
	for key := range m.readings {
		if key.component == component && !there[key] {
			delete(m.readings, key)
		}
	}
	if read == 0 && failed != nil {
		return nil, fmt.Errorf("read the %s of %s: %w", metric, component, failed)
	}
	return load, nil
}

// add keeps what a rate over the window needs. A value that has become less is
// that of another process.
func (m *meter) add(kept []Reading, now Reading) []Reading {
	if n := len(kept); n > 0 && now.Value < kept[n-1].Value {
		kept = nil
	}
	kept = append(kept, now)
	for len(kept) > 2 && now.At.Sub(kept[1].At) >= m.window {
		kept = kept[1:]
	}
	return kept
}

// rate is how much the value grew in a second.
func (m *meter) rate(kept []Reading) (float64, bool) {
	first, last := kept[0], kept[len(kept)-1]
	span := last.At.Sub(first.At)
	if span < m.window*3/4 || span <= 0 {
		return 0, false
	}
	return (last.Value - first.Value) / span.Seconds(), true
}
