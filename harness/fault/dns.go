package fault

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/dnsfault"
)

// The faults of DNS hit what a target learns when it looks names up: an agent
// in its network namespace answers in place of the name servers.

const (
	dnsMethod = "an agent in the target's network namespace has nftables send the queries to the name servers of resolv.conf to itself, before the container engine's own rules; queries for other names it passes on"
	dnsUndone = "the table is gone with its agent, which a fresh agent in the namespace sees, and names are found there as before; what a process keeps in a cache of its own ends when it forgets it"
	allNames  = "all"
)

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]{0,62}\.?)+$`)

func checkNames(value string) error {
	if value == allNames {
		return nil
	}
	for _, name := range strings.Split(value, ",") {
		if !hostName.MatchString(name) || len(name) > 253 {
			return errors.New("want names")
		}
	}
	return nil
}

// dnsHold makes a fault of DNS. hit reports whether what a look-up came to is
// as the fault wants it.
func dnsHold(action string, b Binding, names, answer, address string, hit func(c map[string]int64) bool) (harness.Fault, error) {
	held := dnsfault.Spec{Answer: answer}
	if names != allNames {
		held.Names = strings.Split(names, ",")
	}
	if address != "" {
		held.Address = netip.MustParseAddr(address) // checked
	}
	spec := agent.Spec{Effect: dnsfault.Effect, Args: held.Args()}
	capabilities := []string{"NET_ADMIN"}
	return hold{
		action: action, capabilities: capabilities, shares: []string{"net"},
		spec: func(ctx context.Context, _ Host) (agent.Spec, error) {
			return spec, ownAddress(ctx, held.Address, b.Replicas)
		},
		effective: func(_ context.Context, _ Host, seen agent.Seen) (bool, string) {
			return seen.Counters["hit"] > 0, seen.Detail
		},
		removed: func(ctx context.Context, t Host) (bool, string) { return leftNothing(ctx, t, capabilities, spec) },
		witness: &witness{
			post: func(_ context.Context, t Host) (Host, *agent.Spec, error) {
				asked := held.Names
				if len(asked) == 0 {
					asked = usualNames(b.Replicas)
				}
				if len(asked) == 0 {
					return nil, nil, errors.New("want a name to look up: the stack has no other replica")
				}
				return t, &agent.Spec{Effect: dnsfault.Look, Args: map[string]string{"names": strings.Join(asked, ","), "address": address}}, nil
			},
			whole: func(s agent.Seen) (bool, string) {
				return s.Active && !hit(s.Counters), s.Detail
			},
			broken: func(s agent.Seen) (bool, string) { return hit(s.Counters), s.Detail },
		},
	}.bind(b)
}

// usualNames are some names that a container of the stack should find: those
// of replicas, and of components as compose has them.
func usualNames(replicas []Target) []string {
	const most = 6
	var names []string
	for _, r := range replicas {
		for _, name := range []string{r.Name(), strings.TrimRight(strings.TrimRight(r.Name(), "0123456789"), "-")} {
			if name != "" && !slices.Contains(names, name) && len(names) < most {
				names = append(names, name)
			}
		}
	}
	return names
}

// ownAddress returns nil when traffic to an address stays on this machine's
// stack: it is a loopback address or one that a replica has.
func ownAddress(ctx context.Context, a netip.Addr, replicas []Target) error {
	if !a.IsValid() || a.IsLoopback() {
		return nil
	}
	for _, r := range replicas {
		if c, ok := r.(Connected); ok {
			if all, err := c.Addresses(ctx); err == nil && slices.Contains(all, a) {
				return nil
			}
		}
	}
	return fmt.Errorf("parameter \"address\": want a loopback address or one that a replica of the stack has now, saw %s", a)
}
