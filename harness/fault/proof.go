package fault

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness/agent"
)

// proof looks at one target from outside the agent that holds the fault.
type proof interface {
	// begin looks at the target before the fault, for comparison. spec is what
	// the agent is to do, before the state that it found.
	begin(ctx context.Context, spec agent.Spec, before map[string]string) error
	// effective and removed are asked again and again until they say yes; the
	// text is what they saw.
	effective(ctx context.Context, seen agent.Seen) (bool, string)
	removed(ctx context.Context) (bool, string)
	// end frees what begin took; it is idempotent, and begin may follow.
	end() error
}

// plainProof is the proof of a hold that has two functions for it.
type plainProof struct {
	hold
	target Host
}

func (plainProof) begin(context.Context, agent.Spec, map[string]string) error { return nil }
func (plainProof) end() error                                                 { return nil }

func (p plainProof) effective(ctx context.Context, seen agent.Seen) (bool, string) {
	return p.hold.effective(ctx, p.target, seen)
}

func (p plainProof) removed(ctx context.Context) (bool, string) {
	if p.hold.removed != nil {
		return p.hold.removed(ctx, p.target)
	}
	return asBefore(ctx, p.target)
}

// gone has a fresh agent beside a target ask the kernel whether anything is
// left of what spec does.
func gone(ctx context.Context, t Host, capabilities []string, spec agent.Spec) (bool, string) {
	link, err := t.Agent(ctx, capabilities, []string{"net"})
	if err != nil {
		return false, fmt.Sprintf("start an agent that looks beside %q: %v", t.Name(), err)
	}
	c := agent.Dial(link)
	var seen agent.Seen
	if _, err = c.Prepare(ctx, spec); err == nil {
		seen, err = c.Seen(ctx)
	}
	if err = errors.Join(err, c.Close()); err != nil {
		return false, err.Error()
	}
	return !seen.Active, seen.Detail
}
