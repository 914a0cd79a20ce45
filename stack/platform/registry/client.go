package registry

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Client is one program's way to a Memory.
type Client struct {
	memory *Memory
	link   func(context.Context) error
}

var _ Registry = (*Client)(nil)

// Client returns a way to the registry that asks link before every exchange:
// link blocks while the program is frozen and returns an error once it is cut
// off for good. A nil link is never in the way.
func (m *Memory) Client(link func(context.Context) error) *Client {
	if link == nil {
		link = func(context.Context) error { return nil }
	}
	return &Client{memory: m, link: link}
}

// Register is described at Registry. Keep-alives are sent every third of ttl.
func (c *Client) Register(ctx context.Context, in Instance, ttl time.Duration, report func(error)) error {
	if err := in.check(); err != nil {
		return err
	}
	var id uint64
	state := reporter{report: report}
	tick := time.NewTicker(ttl / 3)
	defer tick.Stop()
	for {
		err := c.exchange(ctx, func() error { return c.renew(in, ttl, &id) })
		if ctx.Err() == nil {
			state.update(err)
		}
		select {
		case <-tick.C:
			continue
		case <-ctx.Done():
		}
		return c.exchange(context.WithoutCancel(ctx), func() error { return c.memory.drop(in.Key(), id) })
	}
}

// renew keeps the lease, or takes a new one when there is none any more.
func (c *Client) renew(in Instance, ttl time.Duration, id *uint64) error {
	if *id != 0 {
		if err := c.memory.keep(in.Key(), *id); !errors.Is(err, errNoLease) {
			return err
		}
	}
	fresh, err := c.memory.put(in, ttl)
	if err == nil {
		*id = fresh
	}
	return err
}

// Watch is described at Registry.
func (c *Client) Watch(ctx context.Context, service string, emit func(Update)) error {
	var known []Instance
	state := reporter{report: func(err error) {
		if err != nil {
			emit(Update{Err: err})
		}
	}}
	for ctx.Err() == nil {
		var all []Instance
		var changed <-chan struct{}
		err := c.exchange(ctx, func() (err error) {
			all, changed, err = c.memory.list(service)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			state.update(err)
		default:
			if again := state.update(nil); again || !slices.Equal(all, known) {
				known = all
				emit(Update{Instances: slices.Clone(all)})
			}
		}
		select {
		case <-changed: // never when the link is cut
		case <-ctx.Done():
		}
	}
	return nil
}

// exchange does one thing with the registry, if the link lets it.
func (c *Client) exchange(ctx context.Context, do func() error) error {
	if err := c.link(ctx); err != nil {
		return err
	}
	return do()
}

// reporter passes on changes between good and bad.
type reporter struct {
	report  func(error)
	started bool
	good    bool
}

// update takes the state of now and says whether it changed.
func (r *reporter) update(err error) (changed bool) {
	good := err == nil
	if r.started && r.good == good {
		return false
	}
	r.started, r.good = true, good
	r.report(err)
	return true
}
