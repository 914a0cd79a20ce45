package docker_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/benchmark"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// BenchmarkWarmStart is the time from Up to a stack that is ready, with all
// images there (up-s), and the time to take it down (down-s): medians.
func BenchmarkWarmStart(b *testing.B) {
	dockertest.Require(b)
	cycle := func(id string) (up, down time.Duration) {
		began := time.Now()
		st, err := docker.Up(b.Context(), docker.Options{RunID: id})
		if err != nil {
			b.Fatal(err)
		}
		up = time.Since(began)
		began = time.Now()
		if err := st.Down(b.Context()); err != nil {
			b.Fatal(err)
		}
		return up, time.Since(began)
	}
	cycle(runID("warm")) // makes what is missing
	var up, down benchmark.Runs
	for b.Loop() {
		u, d := cycle(runID("bench"))
		up, down = append(up, u.Seconds()), append(down, d.Seconds())
	}
	b.ReportMetric(up.Median(), "up-s")
	b.ReportMetric(down.Median(), "down-s")
	if err := benchmark.Start.Print(os.Stdout, benchmark.Start.Row("warm", fmt.Sprint(len(up)), up.Text("%.1f", "s"), down.Text("%.1f", "s"))); err != nil {
		b.Fatal(err)
	}
}
