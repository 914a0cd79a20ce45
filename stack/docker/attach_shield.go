package docker

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/fournines/fournines/stack"
)

// shielded is a replica of an attached stack that must not be touched: it can
// be looked at and nothing else, whatever a fault asks of a replica beyond
// stack.Replica.
type shielded struct {
	replica *replica
	why     string
}

var _ stack.Replica = shielded{}

func (s shielded) Name() string      { return s.replica.Name() }
func (s shielded) Component() string { return s.replica.Component() }
func (s shielded) Node() string      { return s.replica.Node() }
func (s shielded) ID() string        { return s.replica.ID() }

func (s shielded) Status(ctx context.Context) (string, error) { return s.replica.Status(ctx) }
func (s shielded) Ready(ctx context.Context) error            { return s.replica.Ready(ctx) }

// Addresses are where it is reached: whoever cuts others off from it has to know.
func (s shielded) Addresses(ctx context.Context) ([]netip.Addr, error) {
	return s.replica.Addresses(ctx)
}

func (s shielded) Kill(context.Context, string) error { return s.refuse("kill") }
func (s shielded) Start(context.Context) error        { return s.refuse("start") }
func (s shielded) Pause(context.Context) error        { return s.refuse("pause") }
func (s shielded) Unpause(context.Context) error      { return s.refuse("unpause") }

func (s shielded) refuse(verb string) error {
	return fmt.Errorf("%s %q: %s; it was not touched", verb, s.Name(), s.why)
}
