package netcut

import (
	"context"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/nft"
)

// NewWitness makes the effect "net-witness"; args are those of WitnessArgs.
func NewWitness(args map[string]string) (agent.Effect, error) {
	d, err := parseDials(args)
	if err != nil {
		return nil, err
	}
	return &witness{dials: d}, nil
}

// witness applies nothing. Its lease is what ends it.
type witness struct {
	dials
	active bool
}

// Before implements agent.Effect.
func (w *witness) Before(context.Context) (map[string]string, error) {
	_, err := nft.Present(Table)
	return nil, err
}

// Apply implements agent.Effect.
func (w *witness) Apply(context.Context) error {
	w.active = true
	return nil
}

// Seen implements agent.Effect: it tries a fresh connection to every address,
// all at the same time. Counters are documented at WitnessArgs.
func (w *witness) Seen(ctx context.Context) (agent.Seen, error) {
	s := w.dials.try(ctx)
	s.Active = w.active
	found, err := nft.Present(Table)
	if found {
		s.Counters["tables"] = 1
	}
	return s, err
}

// Undo implements agent.Effect.
func (w *witness) Undo(context.Context, map[string]string) error {
	w.active = false
	return nil
}
