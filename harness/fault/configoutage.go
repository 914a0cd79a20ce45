package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func configCentreOutage() Kind {
	return Kind{
		Action:  "config-centre-outage",
		Summary: "cut replicas from their config centre",
		Explain: "Packets between each target and the config centre do not pass. Nothing that is published reaches the target, and a target that starts meanwhile has no configuration at all; one that runs is expected to go on with the last good one. " +
			"Where the registry keeps the documents, the target has no registry either.",
		Method:      cutMethod,
		Class:       NetworkCut,
		Proof:       "another agent beside the target has no answer to fresh connections from the config centre, its rules have dropped packets, and the target says on its admin port that its config centre is away",
		Undone:      cutUndone + "; the target says that it reads the config centre again",
		Example:     "{action: config-centre-outage, target: {component: gateway, mode: all}, at: 0s, duration: 10s}",
		DefaultMode: harness.All,
		Params:      []Param{peers("etcd", "what serves the config centre")},
		bind: func(b Binding) (harness.Fault, error) {
			if _, err := able[Configured]("config-centre-outage", b.Targets); err != nil {
				return nil, err
			}
			from, err := peersNamed(b, b.Values["peers"])
			if err != nil {
				return nil, fmt.Errorf("config-centre-outage: %w", err)
			}
			if from == nil {
				return nil, fmt.Errorf("config-centre-outage: peers: want what serves the config centre, saw %q; blackhole cuts everybody", everybody)
			}
			return outage{cut{action: "config-centre-outage", peers: from, config: netcut.Config{In: true, Out: true}}}.bind(b)
		},
	}
}

// outage is a cut that the target itself has to notice, and the end of it.
type outage struct{ cut }

func (o outage) bind(b Binding) (harness.Fault, error) {
	h, err := o.hold(b)
	if err != nil {
		return nil, err
	}
	cutOff := h.effective
	h.effective = func(ctx context.Context, t Host, seen agent.Seen) (bool, string) {
		ok, saw := cutOff(ctx, t, seen)
		away, said := centreAway(ctx, t)
		return ok && away, saw + "; " + said
	}
	h.removed = func(ctx context.Context, t Host) (bool, string) {
		ok, saw := asBefore(ctx, t)
		away, said := centreAway(ctx, t)
		return ok && !away, saw + "; " + said
	}
	return h.bind(b)
}

// centreAway reports whether a target says that its config centre is away. One
// that says nothing has not noticed the outage, and has not seen its end.
func centreAway(ctx context.Context, t Host) (bool, string) {
	f, err := followedBy(ctx, t.(Configured))
	if err != nil {
		return false, fmt.Sprintf("%q does not say what it follows: %v", t.Name(), err)
	}
	if f.away == "" {
		return false, fmt.Sprintf("%q reads its config centre", t.Name())
	}
	return true, fmt.Sprintf("%q: %s", t.Name(), f.away)
}
