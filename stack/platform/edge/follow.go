package edge

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// lookup asks DNS for a name's address.
func lookup(ctx context.Context, name string) (netip.Addr, error) {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip4", name)
	if err != nil {
		return netip.Addr{}, err
	}
	if len(found) == 0 {
		return netip.Addr{}, errors.New("it has no address")
	}
	return found[0].Unmap(), nil
}

// look looks a gateway up and reports whether it has moved. While there is no
// good answer the last address stays: whether the gateway is there, requests
// find out.
func (e *edge) look(ctx context.Context, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	address, err := e.Lookup(ctx, name)
	return err == nil && e.targets.moved(name, address)
}

// lookAll looks all gateways up at once.
func (e *edge) lookAll(ctx context.Context) {
	var all sync.WaitGroup
	for _, g := range e.Gateways {
		all.Go(func() { e.look(ctx, g.Name) })
	}
	all.Wait()
}

// follow looks a gateway up again and again until ctx is done.
func (e *edge) follow(ctx context.Context, name string) {
	tick := time.NewTicker(e.LookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if e.look(ctx, name) {
			select {
			case e.changed <- struct{}{}:
			default: // keepUp knows, and has not looked yet
			}
		}
	}
}

// keepUp has nginx serve by other addresses as soon as there are any, until ctx
// is done.
func (e *edge) keepUp(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.changed:
		}
		if err := e.reload(ctx); err != nil && ctx.Err() == nil {
			e.Log.Error("nginx goes on with the addresses from before", "error", err.Error())
		}
	}
}
