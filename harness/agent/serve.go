package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Serve does what the requests on in ask for and replies on out, until it has
// undone its fault: because it was asked to, in ended, nothing was heard for
// Silence, the fault's time was over, or ctx is done. The error says what
// could not be undone. in is read until it ends; the caller closes it.
func Serve(ctx context.Context, in io.Reader, out io.Writer, table Table) error {
	s := &server{table: table, out: json.NewEncoder(out), silent: time.NewTimer(IdleFor), over: time.NewTimer(MaxTTL)}
	defer s.silent.Stop()
	defer s.over.Stop()
	reading, enough := context.WithCancel(ctx)
	defer enough()
	why := s.loop(ctx, read(reading, in))
	if !s.applied {
		return nil
	}
	return s.undo(context.WithoutCancel(ctx), why)
}

// read decodes requests until in ends, ctx is done, or one cannot be read.
func read(ctx context.Context, in io.Reader) <-chan request {
	requests := make(chan request)
	go func() {
		defer close(requests)
		for decoder := json.NewDecoder(in); ; {
			var r request
			if decoder.Decode(&r) != nil {
				return
			}
			select {
			case requests <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	return requests
}

// server is one agent. Everything happens in one goroutine.
type server struct {
	table Table
	out   *json.Encoder

	effect Effect
	before map[string]string
	// applied is true from before Apply until Undo worked: what was begun has
	// to be undone.
	applied bool
	silent  *time.Timer
	over    *time.Timer
}

// loop serves until the agent has to end and says why.
func (s *server) loop(ctx context.Context, requests <-chan request) string {
	for {
		select {
		case r, ok := <-requests:
			if !ok {
				return "the harness went away"
			}
			if s.applied {
				s.silent.Reset(Silence)
			}
			if s.handle(ctx, r) {
				return "it was asked to"
			}
		case <-s.silent.C:
			return "the harness fell silent"
		case <-s.over.C:
			return "the fault's time is over"
		case <-ctx.Done():
			return "the agent was told to end"
		}
	}
}

// handle serves one request and reports whether it was the last. A reply that
// cannot be written means that the harness is gone, which in tells soon.
func (s *server) handle(ctx context.Context, r request) (last bool) {
	a := reply{ID: r.ID}
	err := s.do(ctx, r, &a)
	if err != nil {
		a.Error, a.Unsupported = err.Error(), errors.Is(err, errors.ErrUnsupported)
	}
	if r.Do != beat {
		_ = s.out.Encode(a)
	}
	return err == nil && (r.Do == undo || r.Do == restore)
}

func (s *server) do(ctx context.Context, r request, a *reply) (err error) {
	if r.Do != prepare && r.Do != restore && s.effect == nil {
		return errors.New("want the request \"prepare\" first")
	}
	switch r.Do {
	case prepare, restore:
		if s.effect != nil || r.Spec == nil {
			return errors.New("want one spec for each agent")
		}
		if s.effect, err = s.table.New(*r.Spec); err != nil {
			return err
		}
		if r.Do == restore {
			return s.effect.Undo(ctx, r.Before)
		}
		s.before, err = s.effect.Before(ctx)
		a.Before = s.before
	case apply:
		s.applied = true
		if err = s.effect.Apply(ctx); err != nil {
			return errors.Join(err, s.undo(ctx, "it could not be applied"))
		}
		s.silent.Reset(Silence)
		s.over.Reset(min(r.TTL, MaxTTL))
	case beat:
	case look:
		var seen Seen
		seen, err = s.effect.Seen(ctx)
		a.Seen = &seen
	case undo:
		err = s.undo(ctx, "it was asked to")
	default:
		err = fmt.Errorf("unknown request %q", r.Do)
	}
	return err
}

// undo tries until it worked or undoFor is over.
func (s *server) undo(ctx context.Context, why string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoFor)
	defer cancel()
	for {
		err := s.effect.Undo(ctx, s.before)
		if err == nil {
			s.applied = false
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("undo because %s: %w", why, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
