package fault

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

// leastHogged is how much processor time of the hog's has to be seen.
const leastHogged = 50 * time.Millisecond

func cpuHog() Kind {
	return Kind{
		Action:  "cpu-hog",
		Summary: "use up a replica's processor time with busy threads",
		Explain: "A process enters the control group of each target and computes in a number of threads, each for load of the time. What it uses counts as the target's: it competes within the target's quota and weight, and does not slow down others more than the target itself could.",
		Method:  "a process of an agent enters the target's control group",
		Class:   Resource,
		Proof:   "the kernel counts the process's time as the target's, read from outside of the agent",
		Undone:  "the process is killed, by the kernel too when the agent dies; the target is ready",
		Example: "{action: cpu-hog, target: {component: catalog, mode: one}, at: 0s, workers: 2, load: 80%}",
		Params: []Param{
			number("workers", 1, 1, 32, "how many threads are busy"),
			percentage("load", 100, 100, "the share of the time in which each thread is busy"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			return groupHold{
				hold:  hold{action: "cpu-hog"},
				files: []string{"cpuacct.usage", "cpu.stat"},
				args:  map[string]string{"workers": b.Values["workers"], "load": fmt.Sprint(b.Values.Fraction("load") * 100)},
				effect: func(before, _, now reading, seen agent.Seen) (bool, string) {
					own := time.Duration(seen.Counters["cpu-ns"])
					group := cpuTime(now) - cpuTime(before)
					// The kernel counts a process's time in ticks.
					return own >= leastHogged && group >= own-own/5,
						fmt.Sprintf("%s of processor time used by the hog, %s by the target's control group", own, group)
				},
			}.bindGroup(b)
		},
	}
}

// cpuTime is the processor time that a control group has used.
func cpuTime(r reading) time.Duration {
	if n, ok := r.number("cpuacct.usage"); ok {
		return time.Duration(n)
	}
	us, _ := cgroup.Field(r["cpu.stat"], "usage_usec")
	return time.Duration(us) * time.Microsecond
}
