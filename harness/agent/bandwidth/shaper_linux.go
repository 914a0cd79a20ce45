package bandwidth

import (
	"context"
	"errors"
	"fmt"

	"github.com/vishvananda/netlink"

	"github.com/fournines/fournines/harness/agent"
)

// New makes the effect "bandwidth"; args are those of Config.Args.
func New(args map[string]string) (agent.Effect, error) {
	c, err := parse(args)
	if err != nil {
		return nil, err
	}
	return &shaper{c}, nil
}

// shaper is the effect. It keeps nothing: all of it is in the kernel.
type shaper struct{ Config }

// Before implements agent.Effect: the kinds of the queueing disciplines at the
// root of each interface. Only those are replaced that the kernel puts there
// by itself, and puts back.
func (s *shaper) Before(context.Context) (map[string]string, error) {
	links, err := outward()
	if err != nil {
		return nil, err
	}
	if len(links) == 0 {
		return nil, errors.New("want a network interface beside loopback, saw none")
	}
	before := map[string]string{}
	for _, l := range links {
		name := l.Attrs().Name
		state, err := stateOf(l)
		if err != nil {
			return nil, err
		}
		if s.Out && !state.byKernel {
			return nil, fmt.Errorf("interface %q: want the queueing discipline of the kernel's choice, saw %q that somebody put there", name, state.root)
		}
		if s.In && state.ingress {
			return nil, fmt.Errorf("interface %q: want nothing at its ingress, saw a queueing discipline that somebody put there", name)
		}
		before[name] = state.root
	}
	return before, nil
}

// Apply implements agent.Effect.
func (s *shaper) Apply(context.Context) error {
	links, err := outward()
	if err != nil {
		return err
	}
	for _, l := range links {
		if s.Out {
			if err := s.bucket(l); err != nil {
				return fmt.Errorf("hold what %q sends: %w", l.Attrs().Name, err)
			}
		}
		if s.In {
			if err := s.divert(l); err != nil {
				return fmt.Errorf("hold what %q receives: %w", l.Attrs().Name, err)
			}
		}
	}
	return nil
}

// Seen implements agent.Effect. Its counters: "buckets" in effect with the
// rate, what "packets" and "bytes" passed them, how often a packet had to wait
// ("overlimits"), and how many were lost ("drops").
func (s *shaper) Seen(context.Context) (agent.Seen, error) {
	seen := agent.Seen{Counters: map[string]int64{"buckets": 0}}
	links, err := outward()
	if err != nil {
		return seen, err
	}
	wanted := int64(0)
	for _, l := range links {
		if s.Out {
			wanted++
			err = errors.Join(err, s.count(l, seen.Counters))
		}
		if s.In {
			wanted++
			d, missing := netlink.LinkByName(detour(l))
			if missing == nil {
				err = errors.Join(err, s.count(d, seen.Counters))
			}
		}
	}
	seen.Active = wanted > 0 && seen.Counters["buckets"] == wanted
	seen.Detail = fmt.Sprintf("%d of %d token buckets with %d bit/s, %d packets passed", seen.Counters["buckets"], wanted, s.Rate, seen.Counters["packets"])
	return seen, err
}

// Undo implements agent.Effect. It takes away what bears this package's names,
// whichever agent put it there, and holds the rest against before.
func (s *shaper) Undo(_ context.Context, before map[string]string) error {
	links, err := outward()
	if err != nil {
		return err
	}
	for _, l := range links {
		if err := clear(l); err != nil {
			return fmt.Errorf("let go of %q: %w", l.Attrs().Name, err)
		}
		state, err := stateOf(l)
		if err != nil {
			return err
		}
		if was, known := before[l.Attrs().Name]; known && s.Out && state.root != was {
			return fmt.Errorf("interface %q: want queueing discipline %q as before, saw %q", l.Attrs().Name, was, state.root)
		}
	}
	return nil
}
