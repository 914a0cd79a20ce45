package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

func pidExhaustion() Kind {
	return Kind{
		Action:  "pid-exhaustion",
		Summary: "let a replica start no more processes or threads",
		Explain: "Each target may have as many processes and threads as it has at that moment and no more: fork and the start of a thread fail with EAGAIN. A Go program dies when the runtime needs one more thread and does not get it.",
		Method:  "an agent beside the target lowers the process limit of its control group",
		Class:   Resource,
		Proof:   "a process that the agent puts into the target's control group cannot fork, and the kernel counts the refusal, read from outside of the agent",
		Undone:  "the agent puts back the limit that was there; read from outside it is the same as before; a target that has exited is started again, and is ready",
		Example: "{action: pid-exhaustion, target: {component: catalog, mode: one}, at: 0s}",
		bind: func(b Binding) (harness.Fault, error) {
			if _, err := able[Starter]("pid-exhaustion", b.Targets); err != nil {
				return nil, err
			}
			return groupHold{
				hold:  hold{action: "pid-exhaustion", restarts: true},
				files: []string{"pids.events", "pids.current"}, limits: []string{"pids.max"},
				effect: func(before, _, now reading, _ agent.Seen) (bool, string) {
					was, _ := cgroup.Field(before["pids.events"], "max")
					is, _ := cgroup.Field(now["pids.events"], "max")
					return is > was && now["pids.max"] != before["pids.max"],
						fmt.Sprintf("limit %s, %s in use, %d refused", now["pids.max"], now["pids.current"], is-was)
				},
			}.bindGroup(b)
		},
	}
}
