package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

// Announcer is a target whose service can be given one more instance in the
// registry.
type Announcer interface {
	observed
	// Impostor is the announcement of an instance beside the target that does
	// not exist, as data: one that refuses connections, or stays silent.
	Impostor(ctx context.Context, silent bool) (map[string]string, error)
	// Announce puts the announcement into the registry, Withdraw takes exactly
	// that one out again. Both do nothing when that is so already.
	Announce(ctx context.Context, impostor map[string]string) error
	Withdraw(ctx context.Context, impostor map[string]string) error
	// Announced reports whether the registry has the announcement.
	Announced(ctx context.Context, impostor map[string]string) (bool, error)
}

// announced is the status of a target with an impostor beside it.
const announced = "announced with an instance that is dead"

func staleRegistration() Kind {
	return Kind{
		Action:  "stale-registration",
		Summary: "register a dead address as one more instance of a service",
		Explain: "For each target the registry gets one more instance of the same service, with an address at which nobody is: one that refuses connections (refuse), or one on the run's own network that never answers (silence). Nobody withdraws it while the fault lasts: whoever balances over the service's instances has to notice from answers alone.",
		Method:  "the registry's own API stores a key without a lease",
		Class:   App,
		Proof:   "the registry returns the key with the dead address",
		Undone:  "exactly that key is deleted, if it still holds that address, and is gone; the service's other instances are untouched",
		Example: "{action: stale-registration, target: {component: catalog, mode: one}, at: 0s, duration: 10s, answer: silence}",
		Params:  []Param{word("answer", "refuse", "what a connection to the dead address gets: refuse at once, or silence", "refuse", "silence")},
		bind: func(b Binding) (harness.Fault, error) {
			all, err := able[Announcer]("stale-registration", b.Targets)
			if err != nil {
				return nil, err
			}
			silent := b.Values["answer"] == "silence"
			return change[Announcer]{
				action: "stale-registration", targets: all, effect: announced, lag: killLag,
				verb: "announce a dead instance beside",
				apply: func(ctx context.Context, t Announcer) error {
					impostor, err := t.Impostor(ctx, silent)
					if err != nil {
						return err
					}
					return t.Announce(ctx, impostor)
				},
				undo:    "withdraw",
				restore: func(ctx context.Context, t Announcer, kept data) error { return t.Withdraw(ctx, kept) },
				keep:    func(ctx context.Context, t Announcer) (data, error) { return t.Impostor(ctx, silent) },
				state: func(ctx context.Context, t Announcer, kept data) (string, error) {
					there, err := t.Announced(ctx, kept)
					if err != nil || there {
						return announced, err
					}
					return t.Status(ctx)
				},
				happened: func(ctx context.Context, t Announcer, kept data) (bool, error) { return t.Announced(ctx, kept) },
				command:  byHeal[Announcer],
			}, nil
		},
	}
}
