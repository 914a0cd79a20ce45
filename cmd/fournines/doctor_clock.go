package main

import (
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// checkClock looks at the clocks: how fine the monotonic one is, on which every
// figure rests, and whether somebody keeps the wall clock right, by which
// signals from other programs are ordered.
func checkClock() diagnosis {
	var fine unix.Timespec
	if err := unix.ClockGetres(unix.CLOCK_MONOTONIC, &fine); err != nil {
		return diagnosis{"clock", doubtful, "unknown: " + err.Error(), "make sure that the system has a monotonic clock"}
	}
	synced, told := wallClockSynced()
	return judgeClock(time.Duration(fine.Nano()), synced, told)
}

func judgeClock(resolution time.Duration, synced, told bool) diagnosis {
	d := diagnosis{Check: "clock", Health: healthy, Seen: fmt.Sprintf("monotonic to %s", resolution)}
	switch {
	case !told:
		d.Seen += "; whether the wall clock is kept right is not told"
	case synced:
		d.Seen += "; the wall clock is synchronised"
	default:
		d.Seen += "; nobody synchronises the wall clock"
	}
	if resolution > time.Microsecond {
		d.Health, d.Do = doubtful, "use a machine with a finer clock source: times are no more exact than that"
	}
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		d.Seen += "; clock-offset needs linux/amd64"
	}
	return d
}
