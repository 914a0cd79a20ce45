package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/limit"
)

// What the faults of a disk's speed say of themselves.
const (
	ioMethod = "an agent beside the target writes the limit of the disk under path into the target's control group"
	ioUndone = "the agent puts back the limits that were there, read from outside they are the same as before; what waited goes on, and the target is ready"
	ioKept   = " It is a matter of the disk under path: other volumes on the same disk are as slow for the target, other containers are not. Reads and writes past the page cache, and what the target flushes (fsync), are held up; with control groups of version 1 a write that stays in the page cache is not."
)

func ioThrottle() Kind {
	return Kind{
		Action:  "io-throttle",
		Summary: "let a replica read and write its disk at a low rate only",
		Explain: "Each target reads the disk at rate and no faster, and writes it at rate and no faster." + ioKept,
		Method:  ioMethod,
		Class:   Disk,
		Proof:   "the limit is in the kernel's file, read from outside of the agent, and a process in the target's control group took as long for a write past the page cache (O_DIRECT) as the rate makes it",
		Undone:  ioUndone,
		Example: "{action: io-throttle, target: {component: etcd, mode: one}, at: 0s, path: /data, rate: 1MiB}",
		Params:  []Param{pathParam("/data", "a folder in the volume"), ioRate()},
		bind: func(b Binding) (harness.Fault, error) {
			return ioHold("io-throttle", b, map[string]string{"rate": fmt.Sprint(b.Values.Size("rate"))})
		},
	}
}

// ioRate is the bytes in a second.
func ioRate() Param {
	p := size("rate", "1MiB", "1MiB", "the bytes in each second, from 256KiB to 32MiB")
	check := p.check
	p.check = func(value string) error {
		if err := check(value); err != nil {
			return err
		}
		if n := (Values{"rate": value}).Size("rate"); n < limit.LeastIO || n > limit.MostIO {
			return fmt.Errorf("want from 256KiB to 32MiB")
		}
		return nil
	}
	return p
}

// ioHold makes a fault of the speed of the disk under parameter path.
func ioHold(action string, b Binding, args map[string]string) (harness.Fault, error) {
	args["path"] = b.Values["path"]
	files := []string{"io.max", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"}
	return groupHold{
		// The folder is the target user's, the control group's files are root's.
		hold:   hold{action: action, capabilities: []string{"DAC_OVERRIDE"}, shares: []string{"volumes"}},
		limits: files, args: args,
		effect: func(before, _, now reading, seen agent.Seen) (bool, string) {
			for _, f := range files {
				if now[f] != before[f] {
					return true, seen.Detail
				}
			}
			return false, "the limits that were there before"
		},
	}.bindGroup(b)
}
