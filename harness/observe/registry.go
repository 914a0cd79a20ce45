package observe

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/harness"
)

const (
	registrySource = "registry"
	// watchResolution is how long an etcd watch takes to report a change.
	watchResolution = 5 * time.Millisecond
	// memberPause is how long to wait before a lost member is dialled again.
	memberPause = 200 * time.Millisecond
)

// Registry watches the keys below prefix in an etcd cluster and emits
// registered, lease-expired and deregistered with the source "registry" and the
// last element of the key as the subject. members say where each member's
// client port is now (base URL); they are asked again after a member was lost,
// because ports can change when a container is restarted.
//
// Every member is watched at the same time and the first to report a change
// wins, so the loss or hanging of some members costs nothing. A member that
// comes back resumes where the observation is, and where history was compacted
// away the keys are listed and compared: no change is lost. Changes that are
// caught up on have a Resolution that reaches back to when the member was lost.
//
// Keys that are there when the observation begins are no signals. A key that is
// put again with another lease is registered anew; with the same lease it is an
// update and no signal.
//
// A key that is gone while its lease is still alive was deleted by somebody:
// deregistered. When its lease is gone too it has expired. A program that
// revokes its lease instead of deleting its key therefore looks expired.
func Registry(members []func() (string, bool), prefix string) harness.Observer {
	r := &registry{prefix: prefix}
	for _, where := range members {
		r.members = append(r.members, &member{where: where, prefix: prefix, applied: &r.applied})
	}
	return r
}

type registry struct {
	prefix  string
	members []*member
	// applied is the newest revision whose changes were dealt with.
	applied atomic.Int64
}

func (r *registry) String() string { return registrySource }

// Observe implements harness.Observer.
func (r *registry) Observe(ctx context.Context, emit func(harness.Signal)) error {
	now, err := r.begin(ctx)
	if err != nil {
		return fmt.Errorf("observe registry: %w", err)
	}
	if ctx.Err() != nil {
		return nil
	}
	book := newLedger(now)
	r.applied.Store(book.rev)

	var watchers sync.WaitGroup
	defer watchers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	feed := make(chan batch, 64)
	silence, listen := quietly(registrySource, emit), time.NewTicker(pingEvery)
	defer listen.Stop()
	for _, m := range r.members {
		watchers.Go(func() { m.follow(ctx, feed) })
	}
	for {
		select {
		case <-ctx.Done():
			silence.until(time.Now())
			return nil
		case <-listen.C:
			silence.heard(r.whole())
		case b := <-feed:
			for _, c := range book.apply(b) {
				if s := r.signal(ctx, c); ctx.Err() == nil {
					emit(s)
				}
			}
			r.applied.Store(book.rev)
		}
	}
}

// begin lists the keys, from whichever member answers first.
func (r *registry) begin(ctx context.Context) (listing, error) {
	var now listing
	asking, stop := context.WithCancel(ctx)
	defer stop()
	err := poll(asking, memberPause, func(ctx context.Context) error {
		err := errors.New("no members")
		for _, m := range r.members {
			if now, err = m.listOnce(ctx); err == nil {
				stop()
				return nil
			}
		}
		return err
	})
	return now, err
}

// whole is until when some member's reports are known to be without gaps.
func (r *registry) whole() time.Time {
	var latest int64
	for _, m := range r.members {
		latest = max(latest, m.whole.Load())
	}
	return time.Unix(0, latest)
}

// signal says of one change what it was.
func (r *registry) signal(ctx context.Context, c change) harness.Signal {
	s := harness.Signal{
		Time: c.at, Resolution: c.resolution, Source: registrySource,
		Subject: subject(c.key), Kind: harness.Registered, Detail: describe(c.value),
	}
	if c.gone {
		kind, why := r.cause(ctx, c.lease)
		s.Kind, s.Detail = kind, s.Detail+": "+why
	}
	return s
}
