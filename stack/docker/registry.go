package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// errNoPlatform is what replicas of other stacks say when they are asked about
// a registry.
var errNoPlatform = errors.New("this stack has no registry that fournines knows")

// registry is the registry of the platform that the replica belongs to.
func (r *replica) registry() (etcd, error) {
	if r.platform == nil {
		return etcd{}, errNoPlatform
	}
	return r.platform.etcd(), nil
}

// leases is the etcd in which services are announced; that another registry
// keeps them is an error.
func (r *replica) leases() (etcd, error) {
	if r.platform != nil && r.platform.choices.RegisteredIn() == stack.ZooKeeper {
		return etcd{}, errZooKeeper
	}
	return r.registry()
}

// isOf reports whether a replica is of a component.
func (s *Stack) isOf(name, component string) bool {
	for _, m := range s.members {
		if m.Name() == name {
			return m.Component() == component
		}
	}
	return false
}

// Leader is the member of the registry that leads now; empty when none does.
func (r *replica) Leader(ctx context.Context) (string, error) {
	if r.platform == nil || !r.decides() {
		return "", r.wrap("ask for the leader of", errNoPlatform)
	}
	roles, err := r.platform.Roles(ctx)
	if err != nil {
		return "", r.wrap("ask for the leader beside", err)
	}
	// A member that was cut off may go on to think that it leads.
	leader := ""
	for name, role := range roles {
		if !r.platform.isOf(name, r.Component()) {
			continue
		}
		if role == "leader" && (leader == "" || leader == r.Name()) {
			leader = name
		}
	}
	return leader, nil
}

// Agree makes the registry's members agree on a write that changes nothing:
// the removal of a key that never exists.
func (r *replica) Agree(ctx context.Context) error {
	e, err := r.registry()
	if err != nil || !r.decides() {
		return r.wrap("write through", errors.Join(err, errNoPlatform))
	}
	if r.Component() == stack.ZooKeeper {
		return r.wrap("write through the members beside", r.platform.zookeepersAgree(ctx))
	}
	return r.wrap("write through the members beside", e.anyAtOnce(ctx, "/v3/kv/deleterange", map[string]string{"key": text64("/fournines/nothing")}))
}

// key is where the replica is announced.
func (r *replica) key() string { return stack.RegistryRoot + r.Component() + "/" + r.Name() }

// Lease names the lease under which the replica is announced; empty when it is
// not.
func (r *replica) Lease(ctx context.Context) (string, error) {
	e, err := r.leases()
	if err != nil {
		return "", r.wrap("find the lease of", err)
	}
	kv, ok, err := e.get(ctx, r.key())
	if err != nil || !ok {
		return "", r.wrap("find the lease of", err)
	}
	return kv.Lease, nil
}

// Revoke ends a lease and with it the keys that hang on it.
func (r *replica) Revoke(ctx context.Context, lease string) error {
	e, err := r.leases()
	if err == nil {
		err = e.any(ctx, "/v3/lease/revoke", map[string]string{"ID": lease}, nil)
	}
	return r.wrap("revoke the lease of", err)
}

// Keys of an impostor's announcement, as data.
const (
	impostorKey     = "key"
	impostorValue   = "value"
	impostorMembers = "members"
)

// refusing is an address at which nobody listens, wherever it is dialled.
const refusing = "127.0.0.1:1"

// Impostor describes an instance beside the replica that does not exist.
func (r *replica) Impostor(ctx context.Context, silent bool) (map[string]string, error) {
	e, err := r.leases()
	if err != nil {
		return nil, r.wrap("describe an impostor of", err)
	}
	kv, ok, err := e.get(ctx, r.key())
	if err == nil && !ok {
		err = fmt.Errorf("want %q in the registry, saw nothing there", r.key())
	}
	if err != nil {
		return nil, r.wrap("describe an impostor of", err)
	}
	var in map[string]any
	if err := json.Unmarshal(kv.Value, &in); err != nil {
		return nil, r.wrap("read the announcement of", err)
	}
	address := refusing
	if silent {
		if address, err = r.nobody(ctx); err != nil {
			return nil, r.wrap("find an address for an impostor of", err)
		}
	}
	in["name"], in["address"] = r.Name()+"-stale", address
	value, err := json.Marshal(in)
	return map[string]string{
		impostorKey: r.key() + "-stale", impostorValue: string(value), impostorMembers: strings.Join(e.members, ","),
	}, r.wrap("describe an impostor of", err)
}

// nobody is an address of the run's network that no container has: the last
// one, because the engine gives them away from the first.
func (r *replica) nobody(ctx context.Context) (string, error) {
	network := resourceName(r.platform.runID, "net")
	found, err := r.engine.api.NetworkInspect(ctx, network, client.NetworkInspectOptions{})
	if err != nil {
		return "", err
	}
	taken := map[netip.Addr]bool{}
	for _, c := range found.Network.Containers {
		taken[c.IPv4Address.Addr()] = true
	}
	for _, pool := range found.Network.IPAM.Config {
		if !pool.Subnet.Addr().Is4() || pool.Subnet.Bits() > 29 {
			continue
		}
		last := lastOf(pool.Subnet).Prev() // the very last is for broadcasts
		for a := last; pool.Subnet.Contains(a) && a != pool.Gateway; a = a.Prev() {
			if !taken[a] {
				return netip.AddrPortFrom(a, servicePort).String(), nil
			}
		}
	}
	return "", fmt.Errorf("network %q: want an IPv4 address that nobody has, saw none", network)
}

// lastOf is the last address of an IPv4 prefix.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}

// Announce puts an impostor into the registry.
func (r *replica) Announce(ctx context.Context, impostor map[string]string) error {
	e, err := r.leases()
	if err == nil {
		_, err = e.put(ctx, impostor[impostorKey], impostor[impostorValue])
	}
	return r.wrap("announce an impostor of", err)
}

// Withdraw takes exactly that impostor out of the registry again.
func (r *replica) Withdraw(ctx context.Context, impostor map[string]string) error {
	return r.wrap("withdraw the impostor of", withdraw(ctx, impostor))
}

// withdraw needs nothing but the data.
func withdraw(ctx context.Context, impostor map[string]string) error {
	e := etcd{members: words(impostor[impostorMembers])}
	if err := e.remove(ctx, impostor[impostorKey], impostor[impostorValue]); err != nil {
		return err
	}
	kv, ok, err := e.get(ctx, impostor[impostorKey])
	if err == nil && ok && string(kv.Value) == impostor[impostorValue] {
		err = fmt.Errorf("registry key %q: want it gone, saw %s", impostor[impostorKey], strconv.Quote(string(kv.Value)))
	}
	return err
}

// Announced reports whether the registry has that impostor.
func (r *replica) Announced(ctx context.Context, impostor map[string]string) (bool, error) {
	e, err := r.leases()
	if err != nil {
		return false, r.wrap("look for an impostor of", err)
	}
	kv, ok, err := e.get(ctx, impostor[impostorKey])
	return ok && string(kv.Value) == impostor[impostorValue], r.wrap("look for an impostor of", err)
}
