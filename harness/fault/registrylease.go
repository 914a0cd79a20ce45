package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// Registrant is a target that is announced in a registry under a lease.
type Registrant interface {
	observed
	// Lease names the lease under which the target is announced now; empty when
	// it is not announced.
	Lease(ctx context.Context) (string, error)
	// Revoke ends a lease of the target, and with it the announcement.
	Revoke(ctx context.Context, lease string) error
}

// keptLease is the lease of a target before the fault.
const keptLease = "lease"

func leaseExpiry() Kind {
	return Kind{
		Action:  "lease-expiry",
		Summary: "end the registry's lease of a service instance that is alive",
		Explain: "The lease under which each target is announced is revoked, as if its keep-alives had been lost. The instance works all the same, but nobody finds it any more until it notices and registers again by itself. The fault passes by itself: what is measured is how long that takes.",
		Method:  "the registry's own API revokes the lease",
		Class:   App,
		Proof:   "the target's key was gone from the registry, or hung on another lease than before",
		Undone:  "the target has registered again by itself, runs and is ready; nothing else is done",
		Example: "{action: lease-expiry, target: {component: catalog, mode: one}, at: 0s}",
		bind: func(b Binding) (harness.Fault, error) {
			all, err := able[Registrant]("lease-expiry", b.Targets)
			if err != nil {
				return nil, err
			}
			return change[Registrant]{
				action: "lease-expiry", targets: all, effect: "unregistered", lag: killLag,
				verb: "revoke the lease of",
				apply: func(ctx context.Context, t Registrant) error {
					lease, err := leaseOf(ctx, t)
					if err != nil {
						return err
					}
					return t.Revoke(ctx, lease)
				},
				restore: func(context.Context, Registrant, data) error { return nil }, // it does so by itself
				keep: func(ctx context.Context, t Registrant) (data, error) {
					lease, err := leaseOf(ctx, t)
					return data{keptLease: lease}, err
				},
				state: func(ctx context.Context, t Registrant, _ data) (string, error) {
					lease, err := t.Lease(ctx)
					if err == nil && lease == "" {
						return "unregistered", nil
					}
					if err != nil {
						return "", err
					}
					return t.Status(ctx)
				},
				happened: func(ctx context.Context, t Registrant, kept data) (bool, error) {
					lease, err := t.Lease(ctx)
					return err == nil && lease != kept[keptLease], err
				},
			}, nil
		},
	}
}

// leaseOf is the lease of a target that must have one.
func leaseOf(ctx context.Context, t Registrant) (string, error) {
	lease, err := t.Lease(ctx)
	if err == nil && lease == "" {
		err = fmt.Errorf("want %q announced in the registry under a lease, saw none", t.Name())
	}
	return lease, err
}
