package fault

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What a replica can do beyond being killed and frozen.

func (r *replica) Stop(ctx context.Context, grace time.Duration) error {
	err := r.do(ctx, "stop", func() {
		if r.status != exited && !r.deaf {
			r.status = exited
		}
	})
	return errors.Join(err, r.endure(ctx, min(grace, r.dyingFor)))
}

func (r *replica) Restart(ctx context.Context, grace time.Duration) error {
	err := r.do(ctx, "restart", func() {
		if !r.deaf {
			r.status, r.readyAt = running, time.Now().Add(r.bootingFor)
			r.lives++
		}
	})
	return errors.Join(err, r.endure(ctx, min(grace, r.dyingFor)))
}

// endure lets time pass outside the lock.
func (r *replica) endure(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (r *replica) Life(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprint("life ", r.lives), errors.Join(ctx.Err(), r.fail["life"])
}

func (r *replica) Blueprint(ctx context.Context) (map[string]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return map[string]string{"blueprint": r.config}, errors.Join(ctx.Err(), r.fail["blueprint"])
}

func (r *replica) Remove(ctx context.Context) error {
	return r.do(ctx, "remove", func() {
		if !r.deaf {
			r.status, r.gone, r.config = exited, true, ""
		}
	})
}

func (r *replica) Recreate(ctx context.Context, kept map[string]string) error {
	return r.do(ctx, "recreate", func() {
		if r.status == exited {
			r.status, r.gone, r.config = running, false, kept["blueprint"]
			r.readyAt = time.Now().Add(r.bootingFor)
			r.lives++
			r.id = "fedcba987654" + r.name[len(r.name)-1:]
		}
	})
}

func (r *replica) Exists(ctx context.Context) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.gone, errors.Join(ctx.Err(), r.fail["exists"])
}

func (r *replica) Networks(ctx context.Context) (map[string]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settings == "" {
		return nil, ctx.Err()
	}
	return map[string]string{"net": r.settings}, errors.Join(ctx.Err(), r.fail["networks"])
}

func (r *replica) Disconnect(ctx context.Context) error {
	return r.do(ctx, "disconnect", func() {
		if !r.deaf {
			r.settings = ""
		}
	})
}

func (r *replica) Connect(ctx context.Context, networks map[string]string) error {
	return r.do(ctx, "connect", func() { r.settings = networks["net"] })
}

func (r *replica) Disconnected(ctx context.Context, networks map[string]string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settings == networks["net"] {
		return nil, errors.Join(ctx.Err(), r.fail["status"])
	}
	return []string{"net"}, errors.Join(ctx.Err(), r.fail["status"])
}
