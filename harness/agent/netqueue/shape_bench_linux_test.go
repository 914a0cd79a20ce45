package netqueue

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
)

var rounds = flag.Int("rounds", 3, "how often each figure is measured")

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

// BenchmarkDelay is how long packets really take that are to be held, from the
// sender's call to the receiver's, at 200 packets/s.
func BenchmarkDelay(b *testing.B) {
	p := newPath(b)
	var rows []string
	for b.Loop() {
		for _, asked := range []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond} {
			for _, jitter := range []time.Duration{0, asked / 5} {
				if asked == 0 && len(rows) > 0 {
					continue
				}
				var args map[string]string
				if asked > 0 {
					args = map[string]string{"latency": asked.String(), "jitter": jitter.String(), "distribution": "normal"}
				}
				var p50, p99, mean, deviation benchmark.Runs
				for range *rounds {
					p.shaped(args, func() {
						_, trips := p.datagrams(200, 3*time.Second)
						if len(trips) == 0 {
							b.Fatal("nothing arrived")
						}
						m, d := moments(trips)
						slices.Sort(trips)
						p50, p99 = append(p50, milliseconds(trips[len(trips)/2])), append(p99, milliseconds(trips[len(trips)*99/100]))
						mean, deviation = append(mean, m), append(deviation, d)
					})
				}
				if jitter == 0 || asked > 0 {
					rows = append(rows, benchmark.ShapeDelay.Row(asked.String(), jitter.String(), fmt.Sprint(*rounds),
						p50.Text("%.2f", "ms"), p99.Text("%.2f", "ms"), mean.Text("%.2f", "ms"), deviation.Text("%.2f", "ms"), average()))
				}
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	if err := benchmark.ShapeDelay.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}

// moments are mean and standard deviation in milliseconds.
func moments(trips []time.Duration) (mean, deviation float64) {
	for _, t := range trips {
		mean += milliseconds(t) / float64(len(trips))
	}
	for _, t := range trips {
		deviation += (milliseconds(t) - mean) * (milliseconds(t) - mean) / float64(len(trips))
	}
	return mean, math.Sqrt(deviation)
}

// BenchmarkLoss is the share of 20,000 packets that do not arrive.
func BenchmarkLoss(b *testing.B) {
	p := newPath(b)
	var rows []string
	for b.Loop() {
		for _, asked := range []string{"", "0.01", "0.1", "0.5"} {
			var args map[string]string
			if asked != "" {
				args = map[string]string{"loss": asked}
			}
			var lost benchmark.Runs
			var packets int64
			for round := range *rounds {
				if args != nil {
					args["seed"] = fmt.Sprint(round)
				}
				p.shaped(args, func() {
					sent, trips := p.datagrams(5000, 4*time.Second)
					packets += sent
					lost = append(lost, 100*float64(sent-int64(len(trips)))/float64(sent))
				})
			}
			rows = append(rows, benchmark.ShapeLoss.Row(map[bool]string{true: "nothing", false: asked}[asked == ""], fmt.Sprint(*rounds), fmt.Sprint(packets), lost.Text("%.2f", "%"), average()))
		}
	}
	b.ReportMetric(0, "ns/op")
	if err := benchmark.ShapeLoss.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPath is what an agent in the path costs.
func BenchmarkPath(b *testing.B) {
	p := newPath(b)
	const length = 2 * time.Second
	const rate = 10_000
	var rows []string
	for b.Loop() {
		for _, c := range []struct {
			name string
			args map[string]string
		}{
			{"no agent", nil},
			{"decides only, F_GSO", map[string]string{"duplicate": "1e-12", "gso": "on"}},
			{"decides only, each segment", map[string]string{"duplicate": "1e-12", "gso": "off"}},
			{"20 ms, F_GSO", map[string]string{"latency": "20ms", "gso": "on"}},
			{"20 ms, each segment", map[string]string{"latency": "20ms", "gso": "off"}},
			{"1 % loss, each segment", map[string]string{"loss": "0.01"}},
		} {
			var bulk, small, cpu, passed benchmark.Runs
			for range *rounds {
				p.shaped(c.args, func() { bulk = append(bulk, p.bulk(length)) })
				flood := p.shaped(c.args, func() {
					_, trips := p.datagrams(0, length)
					small = append(small, float64(len(trips))/length.Seconds())
				})
				if total := flood["passed undecided"] + flood["decided"] + flood["lost"]; total > 0 {
					passed = append(passed, 100*float64(flood["passed undecided"])/float64(total))
				}
				var sent int64
				counters := p.shaped(c.args, func() { sent, _ = p.datagrams(rate, length) })
				if counters != nil {
					perSecond := float64(sent) / length.Seconds()
					cpu = append(cpu, 100*float64(counters["cpu us"])/1e6/length.Seconds()/(perSecond/1000))
				}
			}
			rows = append(rows, benchmark.ShapePath.Row(c.name, fmt.Sprint(*rounds), bulk.Text("%.0f", "Mbit/s"), small.Text("%.0f", "/s"),
				passed.Text("%.1f", "%"), cpu.Text("%.1f", "%"), average()))
		}
	}
	b.ReportMetric(0, "ns/op")
	if err := benchmark.ShapePath.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}
