package bandwidth

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Names of the effects in an agent's table.
const (
	Effect = "bandwidth"
	Look   = "bandwidth-look"
)

// DetourPrefix begins the names of the interfaces that what comes in is sent
// through; the index of the interface that it came by follows.
const DetourPrefix = "fnbw"

// Bounds of a rate in bits per second. Below the least one packet takes longer
// than a connection waits; what is above the most no container sends.
const (
	LeastRate = 8_000
	MostRate  = 10_000_000_000
)

// Config says what is held to which rate. Args is how it travels to the agent.
type Config struct {
	// Rate is in bits per second, as packets count with their headers.
	Rate int64
	// In and Out are the directions, as the namespace sees them.
	In, Out bool
}

// Args are the arguments of the spec.
func (c Config) Args() map[string]string {
	direction := "out"
	switch {
	case c.In && c.Out:
		direction = "both"
	case c.In:
		direction = "in"
	}
	return map[string]string{"rate": strconv.FormatInt(c.Rate, 10), "direction": direction}
}

func parse(args map[string]string) (c Config, err error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if name != "rate" && name != "direction" {
			return c, fmt.Errorf("unknown argument %q: want rate and direction", name)
		}
	}
	c.Rate, err = strconv.ParseInt(args["rate"], 10, 64)
	if err != nil || c.Rate < LeastRate || c.Rate > MostRate {
		return c, fmt.Errorf("rate: want bits per second from %d to %d, saw %q", LeastRate, int64(MostRate), args["rate"])
	}
	direction := args["direction"]
	c.In, c.Out = direction == "in" || direction == "both", direction == "out" || direction == "both"
	if !c.In && !c.Out {
		return c, fmt.Errorf("direction: want in, out or both, saw %q", direction)
	}
	return c, nil
}

// bytesPerSecond, burst and limit are what a token bucket is made of: it lets a
// burst through at once, and loses what would have to wait for too long.
func (c Config) bytesPerSecond() uint64 { return uint64(c.Rate) / 8 }

// burst is what passes in 5 ms, and at least two full packets.
func (c Config) burst() uint32 { return uint32(max(c.bytesPerSecond()/200, 3_200)) }

// limit is what passes in 50 ms beyond the burst, and at least some packets.
func (c Config) limit() uint32 {
	return uint32(min(max(c.bytesPerSecond()/20, 16_000), 1<<30)) + c.burst()
}
