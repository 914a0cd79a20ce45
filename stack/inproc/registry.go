package inproc

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"

	"github.com/fournines/fournines/stack/platform/registry"
)

// key is where the replica is announced.
func (r *replica) key() string {
	return registry.Instance{Service: r.component, Name: r.name}.Key()
}

// Lease names the lease under which the replica is announced; empty when it is
// not.
func (r *replica) Lease(context.Context) (string, error) {
	_, lease, ok := r.registry.Find(r.key())
	if !ok {
		return "", nil
	}
	return strconv.FormatUint(lease, 10), nil
}

// Revoke ends a lease and the announcement with it.
func (r *replica) Revoke(_ context.Context, lease string) error {
	id, err := strconv.ParseUint(lease, 10, 64)
	if err != nil {
		return fmt.Errorf("revoke the lease of %q: %w", r.name, err)
	}
	r.registry.Revoke(r.key(), id)
	return nil
}

// impostorKey is where an impostor's announcement stands in its data.
const impostorKey = "instance"

// Impostor describes an instance beside the replica that does not exist. Only
// addresses that refuse can be had in one process: everything on the loopback
// network answers at once.
func (r *replica) Impostor(_ context.Context, silent bool) (map[string]string, error) {
	in, _, ok := r.registry.Find(r.key())
	if !ok {
		return nil, fmt.Errorf("describe an impostor of %q: want it in the registry, saw it is not", r.name)
	}
	if silent {
		return nil, fmt.Errorf("describe an impostor of %q: the in-process stack has no address that stays silent; use answer: refuse", r.name)
	}
	in.Name, in.Address = r.name+"-stale", net.JoinHostPort("127.0.0.1", "1")
	text, err := json.Marshal(in)
	return map[string]string{impostorKey: string(text)}, err
}

// Announce puts an impostor into the registry.
func (r *replica) Announce(_ context.Context, impostor map[string]string) error {
	in, err := impostorOf(impostor)
	if err != nil {
		return err
	}
	return r.registry.Announce(in)
}

// Withdraw takes exactly that impostor out of the registry again.
func (r *replica) Withdraw(_ context.Context, impostor map[string]string) error {
	in, err := impostorOf(impostor)
	if err != nil {
		return err
	}
	return r.registry.Withdraw(in)
}

// Announced reports whether the registry has that impostor.
func (r *replica) Announced(_ context.Context, impostor map[string]string) (bool, error) {
	in, err := impostorOf(impostor)
	if err != nil {
		return false, err
	}
	found, _, ok := r.registry.Find(in.Key())
	return ok && found == in, nil
}

func impostorOf(impostor map[string]string) (in registry.Instance, err error) {
	if err := json.Unmarshal([]byte(impostor[impostorKey]), &in); err != nil {
		return in, fmt.Errorf("read the impostor's announcement: %w", err)
	}
	return in, nil
}
