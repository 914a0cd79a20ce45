package harness

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// alive is how many bytes are in use after a collection. The second one
// empties the pools.
func alive() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// resetting feeds one second of load, at rate requests per second of which
// every tenth is reset, and of a prober at a tenth of that rate.
func resetting(r *recorder, rng *rand.Rand, second, rate int) {
	one := func(prober string, seq, n int) {
		at := r.base.Add(time.Duration(second)*time.Second + time.Duration(seq%n)*time.Second/time.Duration(n))
		ev := Event{
			Seq: uint64(seq), Intended: at, Sent: at.Add(time.Duration(rng.ExpFloat64() * float64(200*time.Microsecond))),
			Latency: time.Duration(rng.ExpFloat64() * float64(3*time.Millisecond)), Class: OK, Served: []string{"catalog-1", "gateway-2"},
		}
		if seq%10 == 0 {
			ev.Class, ev.Detail, ev.Served = Reset, "read: connection reset by peer", nil
		}
		r.events(prober)(ev)
	}
	for i := range rate {
		one("", second*rate+i, rate)
	}
	for i := range rate / 10 {
		one("fresh", second*rate/10+i, rate/10)
	}
}

// The first ten thousand outages, which are kept one by one, last beyond the
// fifth minute here; after them there is one a second.
func TestTheMemoryOfATrialDoesNotGrow(t *testing.T) {
	const (
		rate, settled = 100, 300 // per second, seconds
		most          = 32 << 10 // bytes, of whatever length
	)
	length := 3600 // seconds
	if testing.Short() {
		length = 1200
	}
	plan := testPlan()
	plan.Scenario.Load.Rate, plan.Scenario.Stages.Baseline = rate, time.Duration(length)*time.Second
	r := newRecorder(Header{Schema: EvidenceSchema, Plan: plan}, time.Unix(0, 0), nil, t.TempDir(), "fresh")
	rng := rand.New(rand.NewPCG(1, 2))
	var before int64
	for second := range length {
		if second == settled {
			before = alive()
		}
		resetting(r, rng, second, rate)
		if err := r.flush(); err != nil {
			t.Fatal(err)
		}
		if second%60 == 0 && len(r.look().Evidence.Seconds) != second {
			t.Fatalf("a look sees %d seconds after %d", len(r.look().Evidence.Seconds), second)
		}
	}
	grown := alive() - before
	t.Logf("%+d bytes from second %d to %d", grown, settled, length)
	if grown > most {
		t.Errorf("the heap grew by %d bytes from second %d to %d; want at most %d", grown, settled, length, most)
	}
	r.finishLoad()
	ev, err := r.close(End{Reason: Completed})
	if err != nil {
		t.Fatal(err)
	}
	fresh, outages := ev.Probers["fresh"], 0
	for _, o := range ev.Outages {
		outages += max(o.Folded, 1)
	}
	if len(ev.Seconds) != length || len(fresh.Seconds) != length || outages != length*rate/10 || len(ev.Outages) <= maxOutages {
		t.Errorf("%d seconds, %d of the prober, %d outages in %d records; want %d, %d, %d in more than %d",
			len(ev.Seconds), len(fresh.Seconds), outages, len(ev.Outages), length, length, length*rate/10, maxOutages)
	}
	if last := ev.Seconds[length-2]; last.Latency.Count() != rate*9/10 || last.Classes[Reset] != rate/10 || last.Served["catalog-1"] != rate*9/10 {
		t.Errorf("second %s has %d answers, classes %v, served %v; want them whole", last.At, last.Latency.Count(), last.Classes, last.Served)
	}
}
