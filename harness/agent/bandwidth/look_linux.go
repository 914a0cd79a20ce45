package bandwidth

import (
	"context"

	"github.com/vishvananda/netlink"

	"github.com/fournines/fournines/harness/agent"
)

// NewLook makes the effect "bandwidth-look", which changes nothing and says
// what the kernel has: the same as "bandwidth" with the same args, and in the
// counter "left" how many things bear this package's names, whatever the rate.
func NewLook(args map[string]string) (agent.Effect, error) {
	c, err := parse(args)
	if err != nil {
		return nil, err
	}
	return &onlooker{shaper{c}}, nil
}

type onlooker struct{ shaper }

// Before, Apply and Undo implement agent.Effect and do nothing.
func (*onlooker) Before(context.Context) (map[string]string, error) { return nil, nil }
func (*onlooker) Apply(context.Context) error                       { return nil }
func (*onlooker) Undo(_ context.Context, _ map[string]string) error { return nil }

// Seen implements agent.Effect.
func (o *onlooker) Seen(ctx context.Context) (agent.Seen, error) {
	seen, err := o.shaper.Seen(ctx)
	if err != nil {
		return seen, err
	}
	links, err := outward()
	if err != nil {
		return seen, err
	}
	for _, l := range links {
		if _, missing := netlink.LinkByName(detour(l)); missing == nil {
			seen.Counters["left"]++
		}
		all, err := netlink.QdiscList(l)
		if err != nil {
			return seen, err
		}
		for _, q := range all {
			if q.Attrs().Handle == ours {
				seen.Counters["left"]++
			}
		}
	}
	return seen, nil
}
