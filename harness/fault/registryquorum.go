package fault

import (
	"context"
	"errors"

	"github.com/fournines/fournines/harness"
)

// Member is a target that decides together with others of its component.
type Member interface {
	observed
	Kill(ctx context.Context, signal string) error
	Start(ctx context.Context) error
	Pause(ctx context.Context) error
	Unpause(ctx context.Context) error
	// Agree makes the members agree on a write that changes nothing. It
	// returns nil when a majority did.
	Agree(ctx context.Context) error
}

// errAgree means that the registry takes writes although it must not.
var errAgree = errors.New("want no majority, saw that the registry still takes writes")

func quorumLoss() Kind {
	return Kind{
		Action:      "quorum-loss",
		Summary:     "take the majority from the registry: it answers no write and no consistent read",
		Explain:     "A majority of the registry's members is frozen or killed at the same time. What is left can agree on nothing: no lease is renewed, nothing new is registered, watches go silent. Leases do not end while there is no majority, and begin anew when there is one.",
		Method:      "the container engine freezes or kills the members' containers",
		Class:       ProcessDown,
		Proof:       "every target is down and not ready, and a write that needs a majority fails at every member",
		Undone:      "every member runs again and is ready, and a write that needs a majority works",
		Example:     "{action: quorum-loss, target: {component: etcd, mode: majority}, at: 0s, duration: 10s, by: pause}",
		DefaultMode: harness.Majority,
		Params:      []Param{word("by", "pause", "whether the members are frozen (pause) or ended (kill)", "pause", "kill")},
		bind: func(b Binding) (harness.Fault, error) {
			members, err := able[Member]("quorum-loss", b.Targets)
			if err != nil {
				return nil, err
			}
			first := members[0]
			c := change[Member]{
				action: "quorum-loss", targets: members, effect: paused, lag: pauseLag, holds: holdsReplica,
				verb:    "pause",
				apply:   func(ctx context.Context, t Member) error { return t.Pause(ctx) },
				undo:    "unpause",
				restore: func(ctx context.Context, t Member, _ data) error { return t.Unpause(ctx) },
				keep:    func(ctx context.Context, t Member) (data, error) { return nil, t.Agree(ctx) },
				proved: func(ctx context.Context) error {
					if first.Agree(ctx) == nil {
						return errAgree
					}
					return nil
				},
				restored: first.Agree,
			}
			if b.Values["by"] == "kill" {
				c.effect, c.lag, c.verb, c.undo = exited, killLag, "kill", "start"
				c.apply = func(ctx context.Context, t Member) error { return t.Kill(ctx, "KILL") }
				c.restore = func(ctx context.Context, t Member, _ data) error { return t.Start(ctx) }
			}
			return c, nil
		},
	}
}
