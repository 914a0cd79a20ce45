package fidelity

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
)

var (
	rounds = flag.Int("rounds", 5, "how often each generator is measured, 1 to 50")
	at     = flag.Float64("at", 1000, "the rate at which generators are compared, in requests/s")
)

// good is the share of requests within tolerance that is asked for.
const good = 0.999

// ladder are the rates of BenchmarkHighest, in requests/s.
var ladder = []float64{100, 200, 500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12000, 16000}

// BenchmarkCompare measures every generator in turn, round after round, each
// against a fresh target of the same kind in this process. Nobody's own word is
// taken: arrivals are scored by the kernel's stamps, in order, whatever number
// a request has, against a schedule without the median delay. Sent is what ours
// says besides. A request that is missing counts as late.
func BenchmarkCompare(b *testing.B) {
	all := generators(b)
	shown := make([]comparison, len(all))
	watch := startWatch(b)
	for round := range roundsToRun(b) {
		for i := range all {
			k := (i + round) % len(all) // nobody is always first
			r, err := measure(b, all[k], *at, *length)
			if err != nil {
				b.Fatal(err)
			}
			b.Logf("round %d, %s: %v, %d of %d arrived", round+1, all[k].name, r.arrived, r.arrivals, r.due)
			shown[k].add(r)
		}
	}
	watch.reportOthers(b)
	b.ReportMetric(0, "ns/op") // the schedule's, not ours
	var rows []string
	for k, g := range all {
		rows = append(rows, shown[k].row(g.name))
	}
	if err := benchmark.Schedule.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkHighest climbs the ladder with every generator of its own process
// and notes the highest rate at which 99.9 % of the requests arrived within a
// millisecond. It gives up after two rates in a row at which they did not.
func BenchmarkHighest(b *testing.B) {
	all := generators(b)[2:] // a process of its own gives nobody an advantage
	highest := make([]benchmark.Runs, len(all))
	watch := startWatch(b)
	for round := range roundsToRun(b) {
		for i := range all {
			k := (i + round) % len(all)
			held, missed := 0.0, 0
			for _, rate := range ladder {
				r, err := measure(b, all[k], rate, *step)
				if err != nil {
					b.Fatal(err)
				}
				b.Logf("round %d, %s at %g/s: %v", round+1, all[k].name, rate, r.arrived)
				if r.arrived.within >= good {
					held, missed = rate, 0
				} else if missed++; missed == 2 {
					break
				}
			}
			highest[k] = append(highest[k], held)
		}
	}
	watch.reportOthers(b)
	b.ReportMetric(0, "ns/op")
	var rows []string
	for k, g := range all {
		rows = append(rows, benchmark.Highest.Row(g.name, fmt.Sprint(len(highest[k])), highest[k].Text("%.0f", "/s"), fmt.Sprintf("%.0f–%.0f/s, %s each", ladder[0], ladder[len(ladder)-1], *step)))
	}
	if err := benchmark.Highest.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}

func roundsToRun(b *testing.B) int {
	b.Helper()
	if *rounds < 1 || *rounds > 50 {
		b.Fatalf("-rounds is %d; want 1 to 50", *rounds)
	}
	return *rounds
}

// result is one run of a generator.
type result struct {
	due, arrivals int
	sent, arrived score
	used          time.Duration
}

// measure lets g send at a rate for a length of time.
func measure(b *testing.B, g generator, rate float64, length time.Duration) (result, error) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), length+2*spareTime)
	defer cancel()
	o := order{Rate: rate, Length: length}
	tg := newTarget(b, o.due()+1)
	o.URL = tg.url()
	d, err := g.send(ctx, b.TempDir(), o)
	tg.close()
	if err != nil {
		return result{}, err
	}
	arrivals, _ := tg.taken()
	return result{
		due: o.due(), arrivals: len(arrivals), used: d.used,
		sent: scoreLags(d.lags), arrived: scoreOrder(arrivals, rate, o.due()),
	}, nil
}

// comparison are the runs of one generator.
type comparison struct {
	arrivals, due                                  int
	sent, arrived, median, late, worst, perRequest benchmark.Runs
}

func (c *comparison) add(r result) {
	c.arrivals, c.due = c.arrivals+r.arrivals, c.due+r.due
	c.arrived = append(c.arrived, 100*r.arrived.within)
	c.median = append(c.median, milliseconds(r.arrived.p50))
	c.late = append(c.late, milliseconds(r.arrived.p99))
	c.worst = append(c.worst, milliseconds(r.arrived.max))
	if r.sent.n > 0 {
		c.sent = append(c.sent, 100*r.sent.within)
	}
	if r.used > 0 {
		c.perRequest = append(c.perRequest, float64(r.used.Microseconds())/float64(max(1, r.arrivals)))
	}
}

func (c *comparison) row(name string) string {
	return benchmark.Schedule.Row(name, fmt.Sprintf("%g/s", *at), fmt.Sprint(len(c.arrived)),
		fmt.Sprintf("%d / %d", c.arrivals, c.due), c.sent.Text("%.2f", "%"), c.arrived.Text("%.2f", "%"),
		c.median.Text("%.2f", "ms"), c.late.Text("%.2f", "ms"), c.worst.Text("%.1f", "ms"), c.perRequest.Text("%.0f", "µs"))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
