package fidelity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/harness/load"
)

// memoryTimeout bounds a request of BenchmarkMemory; with it the number of those
// under way is bounded too, when the machine is held up.
const memoryTimeout = time.Second

// strayed is the share of requests that the machine may keep from being sent
// or answered before a memory figure is about the machine.
const strayed = .01

// settled is when memory should have stopped to grow, in runs of twice that
// length and more; half of a shorter run.
const settled = 5 * time.Minute

// BenchmarkMemory runs the load against a target that resets a connection at
// every tenth request: alone, and in a trial that gathers evidence. Memory is
// that of this process, target included, sampled each minute, or ten times in
// a run shorter than ten minutes, for as long as the load runs: a trial that
// closes has its evidence in memory. Heap is what is alive after a collection.
func BenchmarkMemory(b *testing.B) {
	b.Run("alone", func(b *testing.B) {
		benchmarkMemory(b, "load alone", func(l harness.Load, length time.Duration) error {
			ctx, cancel := context.WithTimeout(b.Context(), length)
			defer cancel()
			return l.Run(ctx, func(harness.Event) {})
		})
	})
	b.Run("trial", func(b *testing.B) {
		benchmarkMemory(b, "trial with evidence", func(l harness.Load, length time.Duration) error {
			sink, err := os.Create(filepath.Join(b.TempDir(), "evidence.jsonl"))
			if err != nil {
				return err
			}
			defer sink.Close()
			_, err = harness.Run(b.Context(), planned(*at, length), harness.Rig{Load: l}, harness.WithSink(sink))
			return err
		})
	})
}

func benchmarkMemory(b *testing.B, what string, run func(harness.Load, time.Duration) error) {
	tg := newResetting(b)
	sending, err := load.New(load.Config{Rate: *at, Timeout: memoryTimeout, Requests: to(tg.url())})
	if err != nil {
		b.Fatal(err)
	}
	l := &sorted{Load: sending, classes: map[harness.Class]int{}, over: make(chan struct{})}
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- run(l, *length) }()
	series, err := sampleUntil(ended, l.over, began, min(time.Minute, *length/10))
	if err != nil {
		b.Fatal(err)
	}
	from := min(settled, *length/2)
	if lost := l.classes[harness.NotSent] + l.classes[harness.Timeout]; float64(lost) > strayed*float64(l.total) {
		b.Errorf("%d of %d requests were not sent or timed out, which the target never asks for; want at most %g %%: the machine is too busy, repeat it", lost, l.total, 100*strayed)
	}
	first, last := series.at(from), series[len(series)-1]
	heap := series.growth(from, func(s sample) float64 { return mebibytes(s.heap) })
	// Not logged: go test cuts the log of a benchmark short.
	fmt.Printf("\n%s, %d scheduled, %v, %d resets\n%v", what, l.total, l.classes, tg.resets.Load(), series)
	b.ReportMetric(1024*heap, "heap-KiB/min")
	b.ReportMetric(1024*series.growth(from, func(s sample) float64 { return mebibytes(s.resident) }), "resident-KiB/min")
	b.ReportMetric(0, "ns/op") // how long it takes is what was asked for
	text := func(n uint64) string { return fmt.Sprintf("%.1f MiB", mebibytes(n)) }
	if err := benchmark.Memory.Print(os.Stdout, benchmark.Memory.Row(what, length.String(), fmt.Sprint(l.total), fmt.Sprint(tg.resets.Load()),
		text(first.heap), text(last.heap), fmt.Sprintf("%+.0f KiB/min", 1024*heap), text(first.resident), text(last.resident))); err != nil {
		b.Fatal(err)
	}
}

// sorted is a load whose events are counted by class; to be read when Run has
// returned.
type sorted struct {
	harness.Load
	total   int
	classes map[harness.Class]int
	over    chan struct{} // closed when Run returns
}

// Run implements harness.Load.
func (s *sorted) Run(ctx context.Context, emit func(harness.Event)) error {
	defer close(s.over)
	return s.Load.Run(ctx, func(e harness.Event) {
		s.total++
		s.classes[e.Class]++
		emit(e)
	})
}

// sample is the memory of this process at one moment of a run.
type sample struct {
	at             time.Duration
	heap, resident uint64 // bytes; resident is 0 where the system does not tell
	goroutines     int
}

type samples []sample

// sampleUntil samples at once and every so often until ended delivers, which
// is not sampled: what the run held is then free already. Nor is what follows
// over, which is closed when the load ends.
func sampleUntil(ended <-chan error, over <-chan struct{}, began time.Time, every time.Duration) (samples, error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	all := samples{takeSample(began)}
	for {
		select {
		case err := <-ended:
			return all, err
		case <-tick.C:
			one := takeSample(began)
			select {
			case <-over:
			default:
				all = append(all, one)
			}
		}
	}
}

// collections is how many of them a sample is the least of: what is allocated
// while one goes on counts as alive, a megabyte in one and nothing in another.
const collections = 5

func takeSample(began time.Time) sample {
	s := sample{heap: math.MaxUint64}
	for range collections {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		s.heap = min(s.heap, m.HeapAlloc)
	}
	s.at, s.resident, s.goroutines = time.Since(began), residentBytes(), runtime.NumGoroutine()
	return s
}

// residentBytes is from proc(5); 0 where there is none.
func residentBytes() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	var size, pages uint64
	if _, scan := fmt.Sscan(string(statm), &size, &pages); err != nil || scan != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

func mebibytes(n uint64) float64 { return float64(n) / (1 << 20) }

// at is the first sample at or after d, or the last.
func (s samples) at(d time.Duration) sample {
	for _, one := range s {
		if one.at >= d {
			return one
		}
	}
	return s[len(s)-1]
}

// growth is how much a value grows per minute from d on: the median of the
// slopes between any two samples (Theil and Sen), which a few odd ones do not
// move. 0 of fewer than two.
func (s samples) growth(d time.Duration, value func(sample) float64) float64 {
	var slopes benchmark.Runs
	for i, a := range s {
		for _, b := range s[i+1:] {
			if a.at >= d {
				slopes = append(slopes, (value(b)-value(a))/(b.at-a.at).Minutes())
			}
		}
	}
	return slopes.Median()
}

func (s samples) String() string {
	var b bytes.Buffer
	for _, one := range s {
		fmt.Fprintf(&b, "%8s  heap %6.2f MiB  resident %6.2f MiB  goroutines %d\n", one.at.Round(time.Second), mebibytes(one.heap), mebibytes(one.resident), one.goroutines)
	}
	return b.String()
}

func TestGrowth(t *testing.T) {
	var line samples
	for k := range 10 {
		line = append(line, sample{at: time.Duration(k) * time.Minute, heap: uint64(max(0, k-4)) << 20})
	}
	heap := func(s sample) float64 { return mebibytes(s.heap) }
	if got := line.growth(5*time.Minute, heap); got != 1 {
		t.Errorf("growth from minute 5 is %g MiB/min, want 1", got)
	}
	line[7].heap = 1 << 30
	if got := line.growth(5*time.Minute, heap); got != 1 {
		t.Errorf("growth with one odd sample is %g MiB/min, want 1", got)
	}
	if got := line.growth(9*time.Minute, heap); got != 0 {
		t.Errorf("growth of one sample is %g MiB/min, want 0", got)
	}
	if got := line.at(4*time.Minute + 1).at; got != 5*time.Minute {
		t.Errorf("sample at 4 min 1 ns is that of %s, want 5 min", got)
	}
}

func TestNothingIsSampledAfterTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended, over := make(chan error, 1), make(chan struct{})
		began := time.Now()
		time.AfterFunc(3500*time.Millisecond, func() { close(over) })
		time.AfterFunc(6500*time.Millisecond, func() { ended <- io.EOF })
		all, err := sampleUntil(ended, over, began, time.Second)
		if len(all) != 4 || all[3].at != 3*time.Second || !errors.Is(err, io.EOF) {
			t.Errorf("%d samples, error %v; want those at 0, 1, 2 and 3 s, and what the run ended with:\n%v", len(all), err, all)
		}
		for _, one := range all {
			if one.heap == 0 || one.heap > 1<<32 {
				t.Errorf("the heap at %s is %d bytes", one.at, one.heap)
			}
		}
	})
}
