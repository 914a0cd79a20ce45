package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

func memoryHog() Kind {
	return Kind{
		Action:  "memory-hog",
		Summary: "use up a replica's memory",
		Explain: "A process enters the control group of each target, takes size of memory, touches every page and keeps it. It counts as the target's: what is left below the target's limit is smaller. A size that does not fit below the limit is refused, because nobody can say which process the kernel would kill; memory-limit is for that.",
		Method:  "a process of an agent enters the target's control group",
		Class:   Resource,
		Proof:   "the memory counts as the target's in the kernel's file, read from outside of the agent",
		Undone:  "the process is killed, by the kernel too when the agent dies; its memory does not count as the target's any more, and the target is ready",
		Example: "{action: memory-hog, target: {component: catalog, mode: one}, at: 0s, size: 128MiB}",
		Params:  []Param{size("size", "64MiB", "128MiB", "how much memory is taken")},
		bind: func(b Binding) (harness.Fault, error) {
			size := b.Values.Size("size")
			return groupHold{
				hold:  hold{action: "memory-hog"},
				files: []string{"memory.usage_in_bytes", "memory.current"},
				args:  map[string]string{"size": fmt.Sprint(size)},
				effect: func(_, _, now reading, _ agent.Seen) (bool, string) {
					is := memoryUse(now)
					return is >= size, fmt.Sprintf("%d bytes in use by the target's control group", is)
				},
				gone: func(before, now reading) (bool, string) {
					was, is := memoryUse(before), memoryUse(now)
					return is < was+size/2, fmt.Sprintf("%d bytes in use by the target's control group, before it were %d", is, was)
				},
			}.bindGroup(b)
		},
	}
}

func memoryUse(r reading) int64 {
	n, _ := r.number("memory.usage_in_bytes", "memory.current")
	return n
}
