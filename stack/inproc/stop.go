package inproc

import (
	"context"
	"fmt"
	"time"
)

// Stop asks the program to end, and ends it when it did not within grace. It
// returns when the program is over.
func (r *replica) Stop(ctx context.Context, grace time.Duration) error {
	r.mu.Lock()
	p, status := r.program, r.status
	r.mu.Unlock()
	if status == exited {
		return nil
	}
	if err := r.Kill(ctx, "TERM"); err != nil {
		return err
	}
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop %q: its end was not seen: %w", r.name, ctx.Err())
	case <-time.After(grace):
		return r.Kill(ctx, "KILL")
	}
}

// Restart is Stop and Start.
func (r *replica) Restart(ctx context.Context, grace time.Duration) error {
	if err := r.Stop(ctx, grace); err != nil {
		return err
	}
	return r.Start(ctx)
}

// Life counts the replica's starts.
func (r *replica) Life(context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("%s, life %d", r.ID(), r.lives), nil
}
