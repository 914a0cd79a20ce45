package fidelity

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"
)

// stopwatch measures processor time, to tell what the measured costs, and what
// the machine did besides: a figure from a busy machine is no figure.
type stopwatch struct {
	began         time.Time
	ours, machine time.Duration
}

func startWatch(b *testing.B) stopwatch {
	return stopwatch{began: time.Now(), ours: rusage(b, syscall.RUSAGE_SELF) + rusage(b, syscall.RUSAGE_CHILDREN), machine: machineCPU()}
}

// used is the processor time of this process, and of its children that have
// ended, since the start.
func (w stopwatch) used(b *testing.B) time.Duration {
	return rusage(b, syscall.RUSAGE_SELF) + rusage(b, syscall.RUSAGE_CHILDREN) - w.ours
}

// reportOthers adds what all other processes took since the start, in per cent
// of one core, where the system tells.
func (w stopwatch) reportOthers(b *testing.B) {
	if w.machine == 0 {
		return
	}
	others := machineCPU() - w.machine - w.used(b)
	b.ReportMetric(100*max(0, others.Seconds())/time.Since(w.began).Seconds(), "others-cpu-%")
}

// rusage is the processor time of who, user and system.
func rusage(b *testing.B, who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// machineCPU is the time that all processors were not idle, from proc(5); 0
// where there is none. Its resolution is 10 ms.
func machineCPU() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	var user, nice, system, idle, wait, irq, softirq, steal int64
	if _, err := fmt.Sscanf(string(line), "cpu %d %d %d %d %d %d %d %d", &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal); err != nil {
		return 0
	}
	return time.Duration(user+nice+system+irq+softirq+steal) * 10 * time.Millisecond
}
