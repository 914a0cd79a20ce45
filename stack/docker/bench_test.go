package docker_test

import (
	"testing"
	"time"

	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// BenchmarkWarmStart is the time from Up to a stack that is ready, with all
// images there (up-s/op), and the time to take it down (down-s/op).
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
	var up, down time.Duration
	for b.Loop() {
		u, d := cycle(runID("bench"))
		up, down = up+u, down+d
	}
	b.ReportMetric(up.Seconds()/float64(b.N), "up-s/op")
	b.ReportMetric(down.Seconds()/float64(b.N), "down-s/op")
}
