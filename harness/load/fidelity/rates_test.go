package fidelity

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/load"
)

var (
	length = flag.Duration("length", 10*time.Second, "how long each rate is held")
	step   = flag.Duration("step", 3*time.Second, "how long BenchmarkHighest holds each rate")
)

// BenchmarkSchedule is how well the load keeps to its schedule, with the target
// in the same process: alone, and in a trial that writes evidence. Sent is the
// lag of the hand-over to the HTTP transport, arrived that of the packet at the
// target without what all have in common. us-cpu/req is load and target.
func BenchmarkSchedule(b *testing.B) {
	for _, rate := range []float64{300, 1000, 2000, 4000} {
		b.Run(fmt.Sprintf("alone/%.0f-per-second", rate), func(b *testing.B) { benchmarkAlone(b, rate) })
	}
	for _, rate := range []float64{300, 1000, 2000, 4000} {
		b.Run(fmt.Sprintf("trial/%.0f-per-second", rate), func(b *testing.B) {
			benchmarkRate(b, rate, func(requests load.Source) (*heard, error) {
				return sendInTrial(b.Context(), b.TempDir(), requests, rate, *length)
			})
		})
	}
}

func benchmarkAlone(b *testing.B, rate float64) {
	benchmarkRate(b, rate, func(requests load.Source) (*heard, error) {
		return sendAlone(b.Context(), requests, rate, *length)
	})
}

// benchmarkRate measures one rate. It is independent of b.N: the schedule says
// how long it takes.
func benchmarkRate(b *testing.B, rate float64, send func(load.Source) (*heard, error)) {
	tg := newTarget(b, int(rate*length.Seconds())+1)
	watch := startWatch(b)
	h, err := send(to(tg.url()))
	if err != nil {
		b.Fatal(err)
	}
	used := watch.used(b)
	arrivals, unstamped := tg.taken()
	if len(h.bad) > 0 {
		b.Logf("%.0f/s: not ok: %v", rate, h.bad)
	}
	if len(arrivals) == 0 {
		b.Fatal("no request arrived")
	}
	if unstamped > 0 {
		b.Logf("%.0f/s: %d of %d arrivals stamped by the target itself", rate, unstamped, len(arrivals))
	}
	scoreLags(h.lags).report(b, "sent")
	scoreArrivals(arrivals, rate).report(b, "arrived")
	b.ReportMetric(float64(used.Microseconds())/float64(len(arrivals)), "us-cpu/req")
	watch.reportOthers(b)
	b.ReportMetric(0, "ns/op") // the schedule's, not ours
}
