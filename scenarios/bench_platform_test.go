package scenarios_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

// sustained is what a rate has to keep to count as sustained, with the load on
// the same machine.
const sustained = 50 * time.Millisecond

// BenchmarkPlatform is the memory of the whole reference platform, and the
// highest rate that it keeps up for ten seconds with p99 at most 50 ms, at most
// one request in ten thousand failed, and a load that was sent as planned.
func BenchmarkPlatform(b *testing.B) {
	st := up(b)
	b.Cleanup(func() { down(b, st) })
	for _, mix := range []string{"browse", "shop"} {
		b.Run(mix, func(b *testing.B) {
			var highest, tail, memory benchmark.Runs
			idle := memoryOf(b, st)
			for b.Loop() {
				rate, p99, used := climb(b, st, mix)
				highest, tail, memory = append(highest, rate), append(tail, milliseconds(p99)), append(memory, used)
			}
			b.ReportMetric(highest.Median(), "requests/s")
			b.ReportMetric(0, "ns/op") // left out: the length of a trial is planned
			row := benchmark.Platform.Row(mix, fmt.Sprint(len(highest)), highest.Text("%.0f", "/s"), tail.Text("%.1f", "ms"),
				fmt.Sprintf("%.0f MiB", idle), memory.Text("%.0f", "MiB"))
			if err := benchmark.Platform.Print(os.Stdout, row); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// climb raises the rate until it is not sustained, which two trials in a row
// have to show. used is the platform's memory after the last that was.
func climb(b *testing.B, st stack.Stack, mix string) (highest float64, p99 time.Duration, used float64) {
	b.Helper()
	s := find(b, "steady-state")
	s.Stages = harness.Stages{Steady: 2 * time.Second, Baseline: 10 * time.Second}
	s.Load.Mix = mix
	trial := 0
	for _, rate := range []float64{200, 400, 600, 800, 1000, 1200, 1500, 2000, 2500, 3000} {
		s.Load.Rate = rate
		ok := false
		for range 2 {
			trial++
			m := harness.Measure(gather(b, s, st, trial))
			ok = m.Latency["p99"] <= sustained && m.Answered > 0 && m.FailedFraction <= 1e-4 && m.Generator.Shortfall <= 0.01
			b.Logf("%s at %.0f/s: p99 %v, %d of %d bad, shortfall %.2f %%, lag p99 %v", mix, rate, m.Latency["p99"], m.Bad, m.Scheduled, 100*m.Generator.Shortfall, m.Generator.LagP99)
			if ok {
				highest, p99, used = rate, m.Latency["p99"], memoryOf(b, st)
				break
			}
		}
		if !ok {
			break
		}
	}
	return highest, p99, used
}

// memoryOf is what the stack's containers hold by the engine's account, in MiB.
func memoryOf(b *testing.B, st stack.Stack) float64 {
	b.Helper()
	names, err := exec.CommandContext(b.Context(), "docker", "ps", "--quiet", "--filter", "label=io.fournines.run="+st.(*docker.Stack).RunID()).Output()
	if err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(b.Context(), "docker", append([]string{"stats", "--no-stream", "--format", "{{.MemUsage}}"}, strings.Fields(string(names))...)...).Output()
	if err != nil {
		b.Fatal(err)
	}
	var sum float64
	for line := range bytes.Lines(out) {
		var used float64
		var unit string
		if _, err := fmt.Sscanf(string(line), "%f%s", &used, &unit); err != nil {
			b.Fatalf("read %q: %v", line, err)
		}
		sum += used * map[string]float64{"B": 1.0 / (1 << 20), "KiB": 1.0 / (1 << 10), "MiB": 1, "GiB": 1 << 10}[unit]
	}
	return sum
}
