package fault

import (
	"context"
	"errors"
	"maps"
	"path"
	"sync"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// volumeShares make an agent that sees the target's volumes as the target does.
func volumeShares() []string { return []string{"volumes", "user"} }

// volumeHold is a hold on the target's volumes, whose proofs look from another
// agent than the one with the fault. A target may end of what it finds there,
// as one that has mapped a file which is cut: it is started again then.
type volumeHold struct {
	action, path string
	args         map[string]string
	// effect and gone compare what was seen before the fault with what is seen
	// now.
	effect, gone func(before, now agent.Seen) (bool, string)
}

func (h volumeHold) bindVolume(b Binding) (harness.Fault, error) {
	if _, err := able[Starter](h.action, b.Targets); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	before := map[string]agent.Seen{}
	compare := func(ctx context.Context, t Host, how func(before, now agent.Seen) (bool, string)) (bool, string) {
		now, err := viewVolume(ctx, t, h.path)
		if err != nil {
			return false, err.Error()
		}
		mu.Lock()
		defer mu.Unlock()
		return how(before[t.Name()], now)
	}
	args := maps.Clone(h.args)
	args["path"] = h.path
	held := hold{
		action: h.action, shares: volumeShares(), restarts: true,
		// By hand it is root that restores: whose the files are is not looked up.
		byHand: agentByHand("--volumes-from ", "--cap-add DAC_OVERRIDE --cap-add FOWNER"),
		spec: func(ctx context.Context, t Host) (agent.Spec, error) {
			seen, err := viewVolume(ctx, t, h.path)
			mu.Lock()
			defer mu.Unlock()
			before[t.Name()] = seen
			return agent.Spec{Effect: h.action, Args: args}, err
		},
		effective: func(ctx context.Context, t Host, _ agent.Seen) (bool, string) { return compare(ctx, t, h.effect) },
	}
	held.removed = func(ctx context.Context, t Host) (bool, string) {
		if ok, saw := compare(ctx, t, h.gone); !ok {
			return false, saw
		}
		return held.whole(ctx, t)
	}
	return held.bind(b)
}

// viewVolume looks at a path in the target's volumes through an agent that
// does nothing else.
func viewVolume(ctx context.Context, t Host, path string) (seen agent.Seen, err error) {
	link, err := t.Agent(ctx, nil, volumeShares())
	if err != nil {
		return seen, err
	}
	c := agent.Dial(link)
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.Prepare(ctx, agent.Spec{Effect: "disk-view", Args: map[string]string{"path": path}}); err != nil {
		return seen, err
	}
	return c.Seen(ctx)
}

// pathParam is a path in the target's volumes.
func pathParam(example, explain string) Param {
	p := free("path", "", example, "an absolute path without \"..\" within one of the target's volumes", explain, func(value string) error {
		if !path.IsAbs(value) || path.Clean(value) != value || value == "/" {
			return errors.New("not such a path")
		}
		return nil
	})
	p.Required = true
	return p
}
