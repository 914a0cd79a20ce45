package fault

import (
	"context"
	"fmt"
	"sync"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// Opener is a target whose limit of descriptors can be read from outside.
type Opener interface {
	Host
	// FileLimit is how many descriptors the main process may have open.
	FileLimit(ctx context.Context) (int64, error)
}

func fdExhaustion() Kind {
	return Kind{
		Action:  "fd-exhaustion",
		Summary: "let a replica open no more files or connections",
		Explain: "The main process of each target may have open what it has at that moment and no more: accepting a connection, dialling and opening a file fail with EMFILE. What it closes it can open again. Connections that are open go on.",
		Method:  "an agent in the target's process namespace, as the target's user and without any capability, lowers the limit RLIMIT_NOFILE of its main process",
		Class:   Resource,
		Proof:   "the kernel shows the lower limit, read from outside of the agent, and a fresh connection gets no answer",
		Undone:  "the agent puts back the limit that was there; read from outside it is the same as before, and the target answers fresh connections",
		Example: "{action: fd-exhaustion, target: {component: catalog, mode: one}, at: 0s}",
		bind: func(b Binding) (harness.Fault, error) {
			if _, err := able[Opener]("fd-exhaustion", b.Targets); err != nil {
				return nil, err
			}
			var mu sync.Mutex
			before := map[string]int64{}
			had := func(t Host) int64 {
				mu.Lock()
				defer mu.Unlock()
				return before[t.Name()]
			}
			return hold{
				action: "fd-exhaustion", shares: []string{"pid", "user"}, byHand: descriptorsByHand,
				spec: func(ctx context.Context, t Host) (agent.Spec, error) {
					n, err := t.(Opener).FileLimit(ctx)
					mu.Lock()
					defer mu.Unlock()
					before[t.Name()] = n
					return agent.Spec{Effect: "fd-exhaustion"}, err
				},
				effective: func(ctx context.Context, t Host, _ agent.Seen) (bool, string) {
					n, err := t.(Opener).FileLimit(ctx)
					if err != nil || n >= had(t) {
						return false, fmt.Sprintf("a limit of %d descriptors, as before (%v)", n, err)
					}
					ctx, cancel := context.WithTimeout(ctx, effectPatience)
					defer cancel()
					return t.Ready(ctx) != nil, fmt.Sprintf("an answer to a fresh connection, with %d descriptors", n)
				},
				removed: func(ctx context.Context, t Host) (bool, string) {
					if ok, saw := asBefore(ctx, t); !ok {
						status, err := t.Status(ctx)
						return err == nil && status == exited, saw
					}
					n, err := t.(Opener).FileLimit(ctx)
					return err == nil && n == had(t), fmt.Sprintf("a limit of %d descriptors, want %d (%v)", n, had(t), err)
				},
			}.bind(b)
		},
	}
}
