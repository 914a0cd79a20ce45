package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/processors"
)

const (
	// wantIdle is the share of all cores that load, engine and observers need
	// beside the stack; see docs/benchmarks.md, "The harness itself".
	wantIdle = .4
	// headroomLook is how long processors are watched.
	headroomLook = 300 * time.Millisecond
	// wantWake is how late a thread that sleeps may be woken in 99 of 100 cases:
	// the load's schedule can be no better than that.
	wantWake = 2 * time.Millisecond
	// wantPorts is how many ports for outgoing connections should be free.
	wantPorts = 5000
)

// checkHeadroom watches how busy the processors are with something else.
func checkHeadroom() diagnosis {
	before, err := processors.Read()
	if err != nil {
		return diagnosis{"processor headroom", doubtful, "unknown: " + err.Error(), "make sure that nothing else needs the processors during a run"}
	}
	time.Sleep(headroomLook)
	after, err := processors.Read()
	if err != nil {
		return diagnosis{"processor headroom", doubtful, "unknown: " + err.Error(), "make sure that nothing else needs the processors during a run"}
	}
	load, _ := os.ReadFile("/proc/loadavg") // for people only
	average, _, _ := strings.Cut(string(load), " ")
	return judgeHeadroom(after.Since(before), average)
}

// judgeHeadroom wants processors that are idle.
func judgeHeadroom(p processors.Times, average string) diagnosis {
	d := diagnosis{Check: "processor headroom", Health: healthy, Seen: "unknown: the processors' counters stand still"}
	if p.All == 0 {
		d.Health, d.Do = doubtful, "make sure that nothing else needs the processors during a run"
		return d
	}
	idle, stolen := float64(p.Idle)/float64(p.All), float64(p.Stolen)/float64(p.All)
	d.Seen = fmt.Sprintf("%.0f %% of %d cores idle, %.0f %% taken by other machines, load average %s", 100*idle, runtime.NumCPU(), 100*stolen, average)
	if idle < wantIdle || stolen > .1 {
		d.Health, d.Do = doubtful, "stop what else uses the processors: a run on a busy machine is invalid when its own load comes late"
	}
	return d
}

// checkWake measures how late this process is woken from a sleep.
func checkWake() diagnosis {
	const sleeps, length = 100, time.Millisecond
	late := make([]time.Duration, sleeps)
	for i := range late {
		began := time.Now()
		time.Sleep(length)
		late[i] = max(0, time.Since(began)-length)
	}
	slices.Sort(late)
	return judgeWake(late[len(late)/2], late[len(late)*99/100])
}

func judgeWake(median, p99 time.Duration) diagnosis {
	d := diagnosis{Check: "wake-ups", Health: healthy, Seen: fmt.Sprintf("a sleep ends %s late, 99 of 100 at most %s", short(median), short(p99))}
	if p99 > wantWake {
		d.Health, d.Do = doubtful, fmt.Sprintf("stop what else runs, or give fournines real-time priority (`chrt -r 1`): requests are sent no more exactly than that, want %s", short(wantWake))
	}
	return d
}

// checkPorts compares the ports for outgoing connections with those in use.
func checkPorts() diagnosis {
	var low, high, used, waiting int
	limits, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err == nil {
		_, err = fmt.Sscan(string(limits), &low, &high)
	}
	sockets, statErr := os.ReadFile("/proc/net/sockstat")
	if err != nil || statErr != nil {
		return diagnosis{"ports", doubtful, "unknown: this system does not say", fmt.Sprintf("make sure that %d ports are free for outgoing connections", wantPorts)}
	}
	for line := range strings.Lines(string(sockets)) {
		var orphan int
		_, _ = fmt.Sscanf(line, "TCP: inuse %d orphan %d tw %d", &used, &orphan, &waiting) // other lines do not match
	}
	return judgePorts(high-low+1, used+waiting)
}

func judgePorts(of, used int) diagnosis {
	d := diagnosis{Check: "ports", Health: healthy, Seen: fmt.Sprintf("%d for outgoing connections, at most %d of them in use", of, used)}
	if of-used < wantPorts {
		d.Health, d.Do = doubtful, fmt.Sprintf("widen net.ipv4.ip_local_port_range or wait: a load over fresh connections needs about %d free ports", wantPorts)
	}
	return d
}
