package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// readHeaderLimit bounds slow clients, idleLimit connections that are kept
	// for later; the latter is longer than any client of the platform keeps
	// its own.
	readHeaderLimit = 5 * time.Second
	idleLimit       = 90 * time.Second
	// finishLimit is how long requests in flight may take after the drain.
	finishLimit = 5 * time.Second
	// largestHeader bounds a request's header, in bytes.
	largestHeader = 64 << 10
)

// Program is one program, ready to run.
type Program struct {
	Sockets
	// Service is what the program serves. Traffic that is meant for another
	// one (see ServiceHeader) is refused with 421. Empty serves everything.
	Service string
	// Handler answers the traffic.
	Handler http.Handler
	// Ready returns nil when traffic may be sent here; else it says what is
	// missing.
	Ready func() error
	// Metrics and Routes are served on the admin port; Routes maps patterns
	// of http.ServeMux to more handlers and may be nil.
	Metrics http.Handler
	Routes  map[string]http.Handler
	// Announce runs from when the program serves until it is asked to stop,
	// Background until the last request has ended; both return soon after
	// their context is done. Either may be nil. An error before that ends the
	// program.
	Announce, Background func(ctx context.Context) error
	// Drain is how long to go on serving after being asked to stop.
	Drain time.Duration
	Log   *slog.Logger
}

// Run serves until ctx is done, and then stops in this order: it turns not
// ready, Announce ends, the drain period passes (requests are still answered,
// their connections are closed after the answer), the listeners close,
// requests in flight end, Background ends. It then returns nil. When Killed is
// closed, everything ends at once and Run returns nil.
func (p Program) Run(ctx context.Context) error {
	life := &lifeCycle{Program: p, failed: make(chan error, 4)}
	p.Certificate.Report(life.rotated)
	return life.run(ctx)
}

// lifeCycle is a Program that runs.
type lifeCycle struct {
	Program
	draining atomic.Bool
	failed   chan error // one slot for each part that can fail
}

func (l *lifeCycle) run(ctx context.Context) error {
	traffic := l.server(nil)
	admin := l.server(l.adminHandler())
	// Parts outlive ctx: they end in the order of Run's contract.
	background, endBackground := context.WithCancel(context.WithoutCancel(ctx))
	announce, endAnnounce := context.WithCancel(background)
	defer endBackground()
	defer endAnnounce()
	var all sync.WaitGroup
	address := "none"
	if l.Traffic != nil {
		address, traffic.Handler = l.Traffic.Addr().String(), l.trafficHandler()
		l.start(&all, "serve traffic", func() error { return traffic.Serve(l.Traffic) })
	}
	l.start(&all, "serve admin", func() error { return admin.Serve(l.Admin) })
	l.start(&all, "background work", func() error { return call(background, l.Background) })
	announced := make(chan struct{})
	l.start(&all, "announcement", func() error { defer close(announced); return call(announce, l.Announce) })
	l.Log.Info("serving", "traffic", address, "admin", l.Admin.Addr().String())

	err := l.await(ctx)
	if err == nil && !l.killed() {
		l.Log.Info("draining", "for", l.Drain.String())
		l.draining.Store(true)
		endAnnounce()
		l.waitFor(announced, nil)
		timer := time.NewTimer(l.Drain)
		l.waitFor(nil, timer.C)
		timer.Stop()
		if !l.killed() {
			l.finish(traffic)
		}
	}
	endBackground()
	traffic.Close()
	admin.Close()
	all.Wait()
	switch {
	case l.killed():
	case err != nil:
		l.Log.Error("stopped", "error", err.Error())
	default:
		l.Log.Info("stopped")
	}
	return err
}

// rotated tells of another certificate, or of one that cannot be used.
func (l *lifeCycle) rotated(err error) {
	if err != nil {
		l.Log.Error("the certificate cannot be used, the last good one stays", "error", err.Error())
		return
	}
	l.Log.Info("another certificate is shown from now on")
}

// start runs one part and keeps its error unless that is how parts end.
func (l *lifeCycle) start(all *sync.WaitGroup, what string, part func() error) {
	all.Go(func() {
		if err := part(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			l.failed <- fmt.Errorf("%s: %w", what, err)
		}
	})
}

// await returns when the program has to stop, with the reason if it is an
// error.
func (l *lifeCycle) await(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-l.Killed:
		return nil
	case err := <-l.failed:
		if l.killed() {
			return nil // being killed is why it failed
		}
		return err
	}
}

// waitFor waits for either channel, and no longer when killed.
func (l *lifeCycle) waitFor(done <-chan struct{}, timer <-chan time.Time) {
	select {
	case <-done:
	case <-timer:
	case <-l.Killed:
	}
}

// finish closes the listener and waits for the requests in flight.
func (l *lifeCycle) finish(traffic *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), finishLimit)
	defer cancel()
	go func() {
		select {
		case <-l.Killed:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := traffic.Shutdown(ctx); err != nil {
		l.Log.Warn("requests in flight were cut off", "error", err.Error())
	}
}

// killed reports whether the program was killed.
func (l *lifeCycle) killed() bool {
	select {
	case <-l.Killed:
		return true
	default:
		return false
	}
}

// server makes a server with the platform's limits.
func (l *lifeCycle) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderLimit, IdleTimeout: idleLimit, MaxHeaderBytes: largestHeader,
		ErrorLog: slog.NewLogLogger(l.Log.Handler(), slog.LevelDebug),
	}
}

// call runs a part that may be missing.
func call(ctx context.Context, part func(context.Context) error) error {
	if part == nil {
		return nil
	}
	return part(ctx)
}
