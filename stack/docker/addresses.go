package docker

import (
	"context"
	"maps"
	"net/netip"
	"slices"
)

// Addresses are those that the replica has on its networks now, in the order
// of the networks' names; none while it does not run.
func (r *replica) Addresses(ctx context.Context) ([]netip.Addr, error) {
	c, err := r.engine.inspect(ctx, r.ID())
	if err != nil {
		return nil, r.wrap("inspect", err)
	}
	var all []netip.Addr
	for _, name := range slices.Sorted(maps.Keys(c.NetworkSettings.Networks)) {
		endpoint := c.NetworkSettings.Networks[name]
		for _, a := range []netip.Addr{endpoint.IPAddress, endpoint.GlobalIPv6Address} {
			if a.IsValid() && !a.IsUnspecified() {
				all = append(all, a.Unmap())
			}
		}
	}
	return all, nil
}
