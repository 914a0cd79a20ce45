package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// chosen is a hold on a file of the target's volumes that the agent chooses
// when it looks at the state before; its proofs look at that file from another
// agent.
type chosen struct {
	action, effectName string
	args               map[string]string
	// effect and gone compare what was seen before the fault with what is seen
	// now.
	effect, gone func(before, now agent.Seen) (bool, string)
}

func (c chosen) hold() hold {
	return hold{
		action: c.action, shares: volumeShares(),
		spec: func(context.Context, Host) (agent.Spec, error) {
			return agent.Spec{Effect: c.effectName, Args: c.args}, nil
		},
		proof: func(t Host) proof { return &chosenProof{chosen: c, target: t} },
	}
}

func (c chosen) bind(b Binding) (harness.Fault, error) { return c.hold().bind(b) }

// chosenProof compares one file of one target.
type chosenProof struct {
	chosen
	target Host
	path   string
	before agent.Seen
}

func (p *chosenProof) begin(ctx context.Context, _ agent.Spec, before map[string]string) (err error) {
	p.path = before["path"]
	p.before, err = viewVolume(ctx, p.target, p.path)
	return err
}

func (p *chosenProof) effective(ctx context.Context, _ agent.Seen) (bool, string) {
	return p.compare(ctx, p.effect)
}

func (p *chosenProof) removed(ctx context.Context) (bool, string) { return p.compare(ctx, p.gone) }

func (*chosenProof) end() error { return nil }

func (p *chosenProof) compare(ctx context.Context, how func(before, now agent.Seen) (bool, string)) (bool, string) {
	now, err := viewVolume(ctx, p.target, p.path)
	if err != nil {
		return false, err.Error()
	}
	ok, saw := how(p.before, now)
	return ok, p.path + ": " + saw
}

// isMissing is the effect on what is taken away, and isBack its end.
func isMissing(_, now agent.Seen) (bool, string) { return now.Counters["missing"] == 1, "it is there" }
func isBack(_, now agent.Seen) (bool, string) {
	return now.Counters["missing"] == 0, "nothing is there"
}

// differs is the effect on a file whose bytes are changed.
func differs(before, now agent.Seen) (bool, string) {
	return now.Counters["missing"] == 0 && now.Detail != before.Detail, "the bytes as before"
}
