package orders

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"
)

const (
	// behindBy is how long an order waits before it is kept.
	behindBy = 500 * time.Millisecond
	// behindLimit bounds keeping one order.
	behindLimit = time.Second
)

// behind is a store without Durability: it acknowledges orders at once and
// keeps them later, so that those which wait end with their replica. An order
// that cannot be kept then is tried again.
type behind struct {
	Store
	log *slog.Logger

	mu      sync.Mutex
	waiting []Draft
}

// Place acknowledges a draft; its ID is not known yet.
func (b *behind) Place(_ context.Context, d Draft) ([]byte, bool, error) {
	answer, err := json.Marshal(Order{Draft: d, Placed: time.Now().UTC()})
	if err != nil {
		return nil, false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, d)
	return answer, false, nil
}

// run keeps what waits until ctx is done, and then once more unless the
// program was killed.
func (b *behind) run(ctx context.Context, killed <-chan struct{}) {
	tick := time.NewTicker(behindBy)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.keep(ctx)
		case <-ctx.Done():
			select {
			case <-killed:
			default:
				b.keep(context.WithoutCancel(ctx))
			}
			return
		}
	}
}

// keep moves what waits into the store.
func (b *behind) keep(ctx context.Context) {
	b.mu.Lock()
	batch := b.waiting
	b.waiting = nil
	b.mu.Unlock()
	for i, d := range batch {
		err := within(ctx, behindLimit, func(ctx context.Context) error {
			_, _, err := b.Store.Place(ctx, d)
			return err
		})
		if err != nil && err != ErrOtherDraft {
			b.log.Warn("an order that was acknowledged is not kept yet", "error", err.Error())
			b.mu.Lock()
			b.waiting = append(batch[i:], b.waiting...)
			b.mu.Unlock()
			return
		}
	}
}
