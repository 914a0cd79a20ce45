package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

const (
	// readyPatience is how long a replica may take from the start of its
	// container to its readiness.
	readyPatience = 120 * time.Second
	// pollFirst is the pause after the first look at what is not ready yet,
	// pollMost the longest. Between them a pause is a pollShare of the time that
	// was waited so far: a start is seen at most that much too late, and the
	// looks at a whole platform do not take the processor time that its start
	// needs.
	pollFirst = 20 * time.Millisecond
	pollMost  = 250 * time.Millisecond
	pollShare = 16
	// inspectEvery is how often a replica that is not ready is looked at for
	// signs of death.
	inspectEvery = 250 * time.Millisecond
)

// awaitReady polls a replica until it is ready. One that ends first is an
// error that holds its exit code and its last words.
func (r *replica) awaitReady(ctx context.Context) error {
	inspected := time.Now()
	alive := func(ctx context.Context) error {
		if time.Since(inspected) < inspectEvery {
			return nil
		}
		inspected = time.Now()
		state, err := r.state(ctx)
		if err != nil {
			return r.wrap("inspect", err)
		}
		if !state.Running {
			return fmt.Errorf("start %q: its process ended with exit code %d before it was ready; its last lines were:\n%s",
				r.Name(), state.ExitCode, r.lastWords(ctx))
		}
		return nil
	}
	return poll(ctx, r.Ready, alive, func(last error) error {
		if errors.Is(last, syscall.ECONNREFUSED) {
			last = fmt.Errorf("%w (ports are published on %s of the engine's machine: fournines must run there, not in a container)", last, loopback)
		}
		return fmt.Errorf("%w; its last lines were:\n%s", last, r.lastWords(context.WithoutCancel(ctx)))
	})
}

// poll repeats check until it returns nil, hopeless returns an error, ctx is
// done or readyPatience is over, in which case describe says it at length.
func poll(ctx context.Context, check, hopeless func(context.Context) error, describe func(last error) error) error {
	patience, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	began := time.Now()
	var last error
	for {
		err := check(patience)
		if err == nil {
			return nil
		}
		if last == nil || patience.Err() == nil { // else it only says that time is over
			last = err
		}
		if err := hopeless(patience); err != nil && patience.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-patience.Done():
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("not ready within %v: %w", readyPatience, describe(last))
		case <-time.After(pollPause(time.Since(began))):
		}
	}
}

// pollPause is the pause after a look, when so much time was waited.
func pollPause(waited time.Duration) time.Duration {
	return min(max(waited/pollShare, pollFirst), pollMost)
}

// lastWords is the end of the container's log, or why there is none.
func (r *replica) lastWords(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	logs, err := r.engine.api.ContainerLogs(ctx, r.ID(), client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Tail: fmt.Sprint(tailLines),
	})
	if err != nil {
		return fmt.Sprintf("(no log: %v)", err)
	}
	defer logs.Close()
	var text strings.Builder
	if _, err := stdcopy.StdCopy(&text, &text, io.LimitReader(logs, mebibyte)); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("(log broken: %v)", err)
	}
	if text.Len() == 0 {
		return "(it said nothing)"
	}
	return strings.TrimSpace(text.String())
}
