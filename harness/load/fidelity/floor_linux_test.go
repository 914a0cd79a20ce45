package fidelity

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkFloor is what the machine itself allows: a thread that only sleeps
// until each moment of the schedule, and how late it wakes up. No generator on
// the machine can be better.
func BenchmarkFloor(b *testing.B) {
	for _, rate := range []float64{300, 1000, 2000, 4000} {
		b.Run(fmt.Sprintf("%.0f-per-second", rate), func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			watch := startWatch(b)
			lags := make([]time.Duration, 0, int(rate*length.Seconds())+1)
			start := time.Now()
			for n := 0; ; n++ {
				due := time.Duration(float64(n) / rate * float64(time.Second))
				if due >= *length {
					break
				}
				if left := due - time.Since(start); left > 0 {
					pause := unix.NsecToTimespec(left.Nanoseconds())
					if err := unix.Nanosleep(&pause, nil); err != nil && err != unix.EINTR {
						b.Fatal(err)
					}
				}
				lags = append(lags, time.Since(start)-due)
			}
			scoreLags(lags).report(b, "woken")
			watch.reportOthers(b)
			b.ReportMetric(0, "ns/op")
		})
	}
}
