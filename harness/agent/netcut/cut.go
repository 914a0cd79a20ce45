package netcut

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/nft"
)

// New makes the effect "net-cut"; args are those of Config.Args.
func New(args map[string]string) (agent.Effect, error) {
	c, err := parse(args)
	if err != nil {
		return nil, err
	}
	return &cut{config: c, quiet: func() {}}, nil
}

// cut is the effect in one agent.
type cut struct {
	config Config
	// quiet ends the flapping, which flaps waits for.
	quiet context.CancelFunc
	flaps sync.WaitGroup

	mu sync.Mutex // guards what follows against the flapping
	// table holds the rules while packets are kept.
	table *nft.Table
	// kept are the packets of the tables before, by rule.
	kept map[string]int64
	// troubled is why the cut could not be turned on or off.
	troubled error
}

// Before implements agent.Effect. The kernel removes the rules by itself, so
// that there is nothing to restore; another cut is in the way.
func (c *cut) Before(context.Context) (map[string]string, error) {
	there, err := nft.Present(Table)
	switch {
	case err != nil:
		return nil, fmt.Errorf("look for other cuts (it takes NET_ADMIN): %w", err)
	case there:
		return nil, fmt.Errorf("want no table %q of nftables, saw one: another agent cuts this network", Table)
	}
	return nil, nft.Possible(Table, c.config.chains()...)
}

// Apply implements agent.Effect.
func (c *cut) Apply(context.Context) error {
	c.kept = map[string]int64{}
	if c.config.Flap.Period == 0 {
		return c.turn(true)
	}
	ctx, quiet := context.WithCancel(context.Background())
	c.quiet = quiet
	c.flaps.Go(func() { c.flap(ctx) })
	return nil
}

// flap turns the cut on and off until ctx ends.
func (c *cut) flap(ctx context.Context) {
	began := time.Now()
	for next := c.config.Flap.spells(); ; {
		s := next()
		if !c.turnAt(ctx, began.Add(s.from), true) || !c.turnAt(ctx, began.Add(s.to), false) {
			return
		}
	}
}

// turnAt waits and turns the cut on or off; false when ctx ended before.
func (c *cut) turnAt(ctx context.Context, at time.Time, on bool) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Until(at)):
	}
	if err := c.turn(on); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.troubled = err
	}
	return true
}

// turn makes the table or takes it away; nothing happens when it is so.
func (c *cut) turn(on bool) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case on && c.table == nil:
		if c.table, err = nft.Create(Table, c.config.chains()...); err != nil {
			return err
		}
		if c.config.Kill {
			return c.config.kill()
		}
	case !on && c.table != nil:
		counts, err := c.table.Counts()
		if err != nil {
			return err
		}
		for name, n := range counts {
			c.kept[name] += int64(n.Packets)
		}
		if err := c.table.Close(); err != nil {
			return err
		}
		c.table = nil
	}
	return nil
}

// Seen implements agent.Effect. Its counters are packets that were kept: "in"
// and "out" of all peers, and one for each peer, "in 172.18.0.2".
func (c *cut) Seen(context.Context) (agent.Seen, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	there, err := nft.Present(Table)
	if err := errors.Join(err, c.troubled); err != nil {
		return agent.Seen{}, err
	}
	s := agent.Seen{Active: there && c.table != nil, Counters: map[string]int64{}, Detail: "no rules"}
	if c.table == nil {
		return s, nil
	}
	counts, err := c.table.Counts()
	if err != nil {
		return agent.Seen{}, err
	}
	for name, n := range counts {
		way, _, _ := strings.Cut(name, " ")
		packets := int64(n.Packets) + c.kept[name]
		s.Counters[way] += packets
		if name != way {
			s.Counters[name] = packets
		}
	}
	var details []string
	for _, name := range slices.Sorted(maps.Keys(s.Counters)) {
		details = append(details, fmt.Sprintf("%s: %d packets", name, s.Counters[name]))
	}
	s.Detail = strings.Join(details, ", ")
	return s, nil
}

// Undo implements agent.Effect. The rules go with the socket that owns them;
// whoever is not their owner can only wait for that.
func (c *cut) Undo(ctx context.Context, _ map[string]string) error {
	c.quiet()
	c.flaps.Wait()
	if c.table != nil {
		if err := c.table.Close(); err != nil {
			return err
		}
		c.table = nil
	}
	for {
		there, err := nft.Present(Table)
		if err != nil || !there {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("want no table %q of nftables, saw one that another process owns; it goes when that ends", Table), context.Cause(ctx))
		case <-time.After(10 * time.Millisecond):
		}
	}
}
