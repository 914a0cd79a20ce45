package calibrate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/fournines/fournines/harness"
)

// relisten bounds how long the target tries to get its port back.
const relisten = time.Second

// outage is one time of being down, as the target wrote it down. begin and end
// may be read when run or play has returned, failed when load has ended too.
type outage struct {
	caseNo int
	mode   Mode
	length time.Duration
	// notice is how long after begin the target reports that somebody noticed;
	// 0 means that nothing is reported at all.
	notice time.Duration

	// began is closed when the target is down.
	began               chan struct{}
	begin, noticed, end time.Time
	// blur is the longer of the times between the stamp of an edge and the edge
	// itself: nothing, unless the machine held the target up just there.
	blur   time.Duration
	failed atomic.Int64
	// conn is the connection that OneConnection hits, once there is one.
	conn atomic.Pointer[net.Conn]
}

func newOutage(caseNo int, mode Mode, length, notice time.Duration) *outage {
	return &outage{caseNo: caseNo, mode: mode, length: length, notice: notice, began: make(chan struct{})}
}

// play carries out a script and returns the outages in order of time. It ends
// early, with an error, when ctx is done; the target is well again then too.
func (t *target) play(ctx context.Context, script []Case) ([]*outage, error) {
	start := time.Now()
	var played []*outage
	for i, c := range script {
		for _, part := range c.parts() {
			o := newOutage(i, c.Mode, part.Length, 0)
			if err := until(ctx, start.Add(c.At+part.At)); err != nil {
				return played, err
			}
			played = append(played, o)
			if err := t.run(ctx, o); err != nil {
				return played, err
			}
		}
	}
	return played, nil
}

// run breaks the target for the length of o, or until ctx is done.
func (t *target) run(ctx context.Context, o *outage) (err error) {
	t.begin(o)
	close(o.began)
	t.report(o, harness.Died, o.begin)
	defer func() {
		err = errors.Join(err, t.end(o))
		t.report(o, harness.Ready, o.end)
	}()
	if o.notice > 0 {
		if err := until(ctx, o.begin.Add(o.notice)); err != nil {
			return err
		}
		o.noticed = time.Now()
		t.report(o, harness.Ejected, o.noticed)
	}
	return until(ctx, o.begin.Add(o.length))
}

// report tells a listener of a transition, when there are to be any.
func (t *target) report(o *outage, kind harness.Kind, at time.Time) {
	if o.notice > 0 {
		t.transitions <- harness.Signal{Time: at, Source: "target", Subject: targetName, Kind: kind, Detail: string(o.mode)}
	}
}

// begin stamps o and breaks the target. Requests that arrive after the stamp
// fail, also while connections are still being reset.
func (t *target) begin(o *outage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o.begin = time.Now()
	t.outage.Store(o)
	o.blur = time.Since(o.begin)
	if o.mode != Refused {
		return
	}
	t.refusing = true
	t.listener.Close()
	for c := range t.conns {
		reset(c)
	}
}

// end makes the target well and stamps o.
func (t *target) end(o *outage) error {
	ending := time.Now()
	defer func() { o.blur = max(o.blur, o.end.Sub(ending)) }()
	if o.mode != Refused {
		t.outage.Store(nil)
		o.end = time.Now()
		return nil
	}
	listener, err := t.listenAgain()
	o.end = time.Now()
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.refusing = false
	t.mu.Unlock()
	t.outage.Store(nil)
	t.serve(listener) // connections wait in the kernel until here
	return nil
}

// listenAgain takes the old port; somebody else may hold it for a moment.
func (t *target) listenAgain() (net.Listener, error) {
	deadline := time.Now().Add(relisten)
	for {
		listener, err := net.Listen("tcp", t.addr)
		if err == nil {
			return listener, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(deadline) {
			return nil, fmt.Errorf("open the target's port again: %w", err)
		}
		<-time.After(time.Millisecond)
	}
}

// until waits for a moment; its error is why ctx ended before.
func until(ctx context.Context, at time.Time) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
