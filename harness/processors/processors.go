// Package processors reads what all processors of this machine together spent
// their time on, as the kernel counts it. Only Linux counts it; elsewhere Read
// is an error.
package processors

import (
	"fmt"
	"os"
	"strings"
)

// Times are jiffies of all processors together since the machine started; see
// proc(5), /proc/stat. A jiffy is 10 ms on every Linux that counts here.
type Times struct {
	// All is every jiffy that was counted, whatever for.
	All uint64
	// Idle are those without work, those that waited for a disk included.
	Idle uint64
	// Stolen are those in which the host of this virtual machine ran something
	// else although there was work; 0 on a machine that is not virtual, and
	// under a host that does not tell.
	Stolen uint64
}

// Read reads the counters of now. It may be called concurrently.
func Read() (Times, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return Times{}, err
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	return parse(line)
}

// parse reads "cpu  user nice system idle iowait irq softirq steal".
func parse(line string) (Times, error) {
	var v [8]uint64
	if _, err := fmt.Sscanf(line, "cpu %d %d %d %d %d %d %d %d", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]); err != nil {
		return Times{}, fmt.Errorf("want eight counters in the first line of /proc/stat, saw %q: %w", line, err)
	}
	t := Times{Idle: v[3] + v[4], Stolen: v[7]}
	for _, n := range v {
		t.All += n
	}
	return t, nil
}

// Since is what was spent after before. A counter that went backwards, as some
// kernels' do by a jiffy or two, counts as standing still.
func (t Times) Since(before Times) Times {
	return Times{less(t.All, before.All), less(t.Idle, before.Idle), less(t.Stolen, before.Stolen)}
}

func less(a, b uint64) uint64 {
	if a < b {
		return 0
	}
	return a - b
}
