package orders

import (
	"context"
	"errors"
)

// Store keeps orders. All methods may be called concurrently. An error that is
// none of this package's means that the store is away or did not answer in
// time; what a Place that failed so has done is not known.
type Store interface {
	// Place accepts a draft and returns the answer for its client once it is
	// durable. A draft that was accepted before gets the same answer again,
	// and replayed is true; one whose key was used for another draft is
	// ErrOtherDraft.
	Place(ctx context.Context, d Draft) (answer []byte, replayed bool, err error)
	// Order returns one order, or ErrNoOrder.
	Order(ctx context.Context, id int64) (Order, error)
	// After returns at most limit orders of a client with IDs above after, in
	// the order of their IDs.
	After(ctx context.Context, client string, after int64, limit int) ([]Order, error)
	// Keyed returns the orders of a client with one key: one, or none.
	Keyed(ctx context.Context, client, key string) ([]Order, error)
	// Ready returns nil when orders can be placed, and else why not. It may
	// take as long as one query.
	Ready(ctx context.Context) error
}

// Answers that are not failures of a store.
var (
	ErrOtherDraft = errors.New("the idempotency key was used for another order")
	ErrNoOrder    = errors.New("there is no such order")
)
