package slo

import (
	"fmt"
	"os"
	"testing"

	"github.com/fournines/fournines/harness/benchmark"
)

// BenchmarkVerdict prints how often the sequential test of steady state errs,
// and how many requests it takes, for stacks that are better and worse than
// the threshold of 1e-4 and fail in bursts of different sizes: with bursts
// counted as what they are (phi is the size of a burst), and as if each
// failure stood alone.
func BenchmarkVerdict(b *testing.B) {
	var rows []string
	for _, c := range []struct {
		burst int
		phi   float64
	}{{1, 1}, {5, 1}, {5, 5}, {20, 1}, {20, 20}} {
		limit := int(300_000 * c.phi)
		play := newOperation(c.phi, limit)
		for i, over := range []float64{0, .1, .5, 1, 2, 5, 10, 100} {
			got := play.play(uint64(i), played, over*1e-4, float64(c.burst), always(c.burst))
			rows = append(rows, benchmark.Verdict.Row(fmt.Sprint(c.burst), fmt.Sprint(c.phi), fmt.Sprint(over), fmt.Sprint(limit),
				inPercent(got.share[Holds]), inPercent(got.share[Refuted]), inPercent(got.share[Undecided]), fmt.Sprintf("%.0f", got.mean)))
		}
	}
	b.ReportMetric(0, "ns/op")
	if err := benchmark.Verdict.Print(os.Stdout, rows...); err != nil {
		b.Fatal(err)
	}
}

// inPercent is a share of played runs with the digits that so many runs carry.
func inPercent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }
