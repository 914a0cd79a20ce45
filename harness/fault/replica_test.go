package fault

import (
	"context"
	"errors"
	"sync"
	"time"
)

// replica is a target with a life of its own; its times pass on the clock of
// the synctest bubble that it is used in.
type replica struct {
	name, id string
	// dyingFor is how long a signal takes to end the process, bootingFor how
	// long a started process takes to be ready.
	dyingFor, bootingFor time.Duration
	// answersIn is how long a readiness check takes.
	answersIn time.Duration
	// deaf processes ignore signals; a zombie answers after its exit.
	deaf, zombie bool
	// fail makes a method fail with an error before it does anything,
	// failAfter once it has done its work.
	fail, failAfter map[string]error
	// during is called within a call that changes something.
	during func()

	mu      sync.Mutex
	status  string
	diesAt  time.Time
	readyAt time.Time
	calls   []string
	// lives counts starts; config and settings are what the replica is made of
	// and how it is on its network; gone is true after it was removed.
	lives            int
	config, settings string
	gone             bool
}

func newReplica(name string) *replica {
	return &replica{
		name: name, id: "0123456789ab" + name[len(name)-1:], status: running, config: "as made", settings: "as connected",
		dyingFor: 30 * time.Millisecond, bootingFor: 300 * time.Millisecond,
		fail: map[string]error{}, failAfter: map[string]error{},
	}
}

func (r *replica) Name() string { return r.name }

func (r *replica) ID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.id
}

func (r *replica) Kill(ctx context.Context, signal string) error {
	return r.do(ctx, "kill "+signal, func() {
		if r.status != exited && !r.deaf && r.diesAt.IsZero() {
			r.diesAt = time.Now().Add(r.dyingFor)
		}
	})
}

func (r *replica) Start(ctx context.Context) error {
	return r.do(ctx, "start", func() {
		if r.status == exited && !r.gone {
			r.status, r.readyAt = running, time.Now().Add(r.bootingFor)
			r.lives++
		}
	})
}

func (r *replica) Pause(ctx context.Context) error {
	return r.do(ctx, "pause", func() {
		if r.status == running && !r.deaf {
			r.status = paused
		}
	})
}

func (r *replica) Unpause(ctx context.Context) error {
	return r.do(ctx, "unpause", func() {
		if r.status == paused {
			r.status = running
		}
	})
}

// die ends the process underneath the fault.
func (r *replica) die() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.diesAt = exited, time.Time{}
}

func (r *replica) do(ctx context.Context, call string, change func()) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settle()
	r.calls = append(r.calls, call)
	if r.during != nil {
		r.during()
	}
	if err := errors.Join(ctx.Err(), r.fail[call]); err != nil {
		return err
	}
	change()
	return r.failAfter[call]
}

func (r *replica) Status(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settle()
	return r.status, errors.Join(ctx.Err(), r.fail["status"])
}

func (r *replica) Ready(ctx context.Context) error {
	r.mu.Lock()
	r.settle()
	status, booting, alone := r.status, time.Now().Before(r.readyAt), r.settings == ""
	r.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(r.answersIn):
	}
	switch {
	case status == paused:
		<-ctx.Done()
		return ctx.Err()
	case status == exited && !r.zombie:
		return errors.New("connection refused")
	case alone && !r.zombie:
		return errors.New("no route to host")
	case booting:
		return errors.New("want status 200, saw 503")
	}
	return nil
}

// whole reports whether the replica runs, is ready and is not about to die.
func (r *replica) whole() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settle()
	return r.status == running && r.diesAt.IsZero() && !time.Now().Before(r.readyAt) && r.config == "as made" && r.settings == "as connected"
}

// settle lets a death that is due happen.
func (r *replica) settle() {
	if !r.diesAt.IsZero() && !time.Now().Before(r.diesAt) {
		r.status, r.diesAt = exited, time.Time{}
	}
}
