package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// Disconnecter is a target that can be taken off its networks.
type Disconnecter interface {
	observed
	// Networks is how the target is connected now: by network, everything that
	// Connect needs, as data.
	Networks(ctx context.Context) (map[string]string, error)
	// Disconnect takes the target off all its networks at once.
	Disconnect(ctx context.Context) error
	// Connect puts it back onto networks as it was, aliases included. Nothing
	// happens to those that it is on in that way already.
	Connect(ctx context.Context, networks map[string]string) error
	// Disconnected lists those of networks that the target is not on as it was.
	Disconnected(ctx context.Context, networks map[string]string) ([]string, error)
}

// disconnected is the status of a target that is not on all of its networks.
const disconnected = "disconnected"

func networkDisconnect() Kind {
	return Kind{
		Action:  "network-disconnect",
		Summary: "take a replica off its networks",
		Explain: "Each target loses its network interfaces, its addresses and its name on its networks, and the ports that it publishes. Its processes go on. What it sends from then on fails at once; whoever waits for an answer of it waits until a timeout.",
		Method:  "the container engine disconnects the container from its networks",
		Class:   NetworkCut,
		Proof:   "the engine lists the target on none of its networks and its readiness check is not answered",
		Undone:  "the target is connected as it was, with the same aliases and settings, which is compared, and is ready; its address may be another one",
		Example: "{action: network-disconnect, target: {component: catalog, mode: one}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			return disconnect("network-disconnect", b.Targets)
		},
	}
}

// disconnect takes targets off their networks.
func disconnect(action string, targets []Target) (harness.Fault, error) {
	all, err := able[Disconnecter](action, targets)
	if err != nil {
		return nil, err
	}
	return change[Disconnecter]{
		action: action, targets: all, effect: disconnected, lag: killLag,
		verb:    "disconnect",
		apply:   func(ctx context.Context, t Disconnecter) error { return t.Disconnect(ctx) },
		undo:    "connect",
		restore: func(ctx context.Context, t Disconnecter, kept data) error { return t.Connect(ctx, kept) },
		keep: func(ctx context.Context, t Disconnecter) (data, error) {
			networks, err := t.Networks(ctx)
			if err == nil && len(networks) == 0 {
				err = fmt.Errorf("want %q on a network, saw it on none", t.Name())
			}
			return networks, err
		},
		state: func(ctx context.Context, t Disconnecter, kept data) (string, error) {
			status, err := t.Status(ctx)
			if err != nil || status != running {
				return status, err
			}
			missing, err := t.Disconnected(ctx, kept)
			if err != nil || len(missing) == 0 {
				return running, err
			}
			return disconnected, nil
		},
		command: byHeal[Disconnecter],
	}, nil
}
