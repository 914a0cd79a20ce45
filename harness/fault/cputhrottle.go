package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

func cpuThrottle() Kind {
	return Kind{
		Action:  "cpu-throttle",
		Summary: "let a replica use only a share of one processor core",
		Explain: "All processes of each target together get quota of one core and no more, in periods of 100 ms: what is used up early in a period is missed for the rest of it. A target that needs less than its quota does not notice, and then the fault has not taken effect.",
		Method:  "an agent beside the target lowers the processor quota of its control group",
		Class:   Resource,
		Proof:   "the quota is in the kernel's file, read from outside of the agent, and the kernel counts periods in which the target was throttled since",
		Undone:  "the agent puts back the quota that was there; read from outside it is the same as before, and the target is ready",
		Example: "{action: cpu-throttle, target: {component: catalog, mode: one}, at: 0s, quota: 5%}",
		Params:  []Param{percentage("quota", 10, 100, "how much of one core the target may use")},
		bind: func(b Binding) (harness.Fault, error) {
			return groupHold{
				hold:  hold{action: "cpu-throttle"},
				files: []string{"cpu.stat"}, limits: []string{"cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us"},
				args: map[string]string{"permille": fmt.Sprint(max(1, int64(b.Values.Fraction("quota")*1000)))},
				effect: func(before, applied, now reading, _ agent.Seen) (bool, string) {
					if now["cpu.max"] == before["cpu.max"] && now["cpu.cfs_quota_us"] == before["cpu.cfs_quota_us"] {
						return false, "the quota that was there before"
					}
					then, _ := cgroup.Field(applied["cpu.stat"], "nr_throttled")
					n, _ := cgroup.Field(now["cpu.stat"], "nr_throttled")
					return n > then, fmt.Sprintf("the target throttled %d times since: it has to need more than its quota", n-then)
				},
			}.bindGroup(b)
		},
	}
}
