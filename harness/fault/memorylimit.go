package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

// Starter is a target that can be started again after its process ended.
type Starter interface {
	Target
	// Start starts the target; nothing happens when it runs.
	Start(ctx context.Context) error
}

func memoryLimit() Kind {
	return Kind{
		Action:  "memory-limit",
		Summary: "lower a replica's memory limit to what it uses",
		Explain: "The memory limit of each target is lowered to what it uses at that moment and headroom more; with oom: yes on to the lowest that the kernel takes, so that the target is killed for want of memory as soon as it needs more. With control groups of version 1 the kernel refuses a limit below what it cannot free: a target that needs no more memory lives on, and then oom has not taken effect. Memory that was only kept for later, such as cached files, is freed first.",
		Method:  "an agent beside the target lowers the memory limit of its control group",
		Class:   Resource,
		Proof:   "the limit is in the kernel's file, read from outside of the agent; with oom: yes the kernel has counted a kill in the target's control group, or the target has exited",
		Undone:  "the agent puts back the limits that were there, to the byte, read from outside; a target that has exited is started again, and is ready",
		Example: "{action: memory-limit, target: {component: catalog, mode: one}, at: 0s, headroom: 4MiB}",
		Params: []Param{
			size("headroom", "4MiB", "4MiB", "how much more than what is in use the target may have"),
			word("oom", "no", "yes lowers the limit until the target is killed when it needs more", "no", "yes"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			if _, err := able[Starter]("memory-limit", b.Targets); err != nil {
				return nil, err
			}
			kill := b.Values["oom"] == "yes"
			return groupHold{
				hold:   hold{action: "memory-limit", restarts: kill},
				files:  []string{"memory.oom_control", "memory.events"},
				limits: []string{"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max"},
				args:   map[string]string{"headroom": fmt.Sprint(b.Values.Size("headroom")), "oom": b.Values["oom"]},
				effect: func(before, _, now reading, _ agent.Seen) (bool, string) {
					if kill {
						return kills(now) > kills(before), "no kill for want of memory counted yet: the target has to need more"
					}
					for _, f := range []string{"memory.limit_in_bytes", "memory.max"} {
						if now[f] != before[f] {
							return true, ""
						}
					}
					return false, "the limit that was there before"
				},
			}.bindGroup(b)
		},
	}
}

// kills is how many processes of a control group were killed for want of
// memory.
func kills(r reading) int64 {
	for _, f := range []string{"memory.oom_control", "memory.events"} {
		if n, ok := cgroup.Field(r[f], "oom_kill"); ok {
			return n
		}
	}
	return 0
}
