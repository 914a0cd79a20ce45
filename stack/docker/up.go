package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/fournines/fournines/stack"
)

// Options say how a stack is brought up.
type Options struct {
	// RunID names the run: letters, digits, '.', '_' and '-', at most 60, the
	// first a letter or digit. It must be unused on this engine.
	RunID string
	// Keep makes a stack that outlives this process; Remove ends it.
	Keep bool
	// NoController leaves out what brings replicas back: whoever ends one
	// starts it again, or nobody does.
	NoController bool
	// Choices say how the platform is built; Check has to allow them.
	Choices stack.Choices
	// Progress receives what is being done; it may be nil.
	Progress stack.Progress
}

var runIDPattern = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,59}$`)

// Up starts the reference platform and returns when all of it is ready. Images
// that the engine lacks are made first. When Up returns an error, panics, or
// ctx is done, nothing is left behind but images.
func Up(ctx context.Context, opts Options) (*Stack, error) {
	return up(ctx, opts, func(*launcher) {})
}

// up is Up; adjust may change what is launched, and how.
func up(ctx context.Context, opts Options, adjust func(*launcher)) (_ *Stack, err error) {
	if !runIDPattern.MatchString(opts.RunID) {
		return nil, fmt.Errorf("bring up run %q: expected a run ID that matches %s", opts.RunID, runIDPattern)
	}
	if err := opts.Choices.Check(); err != nil {
		return nil, fmt.Errorf("bring up run %q: %w", opts.RunID, err)
	}
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir()
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	lock, err := lockRun(ctx, cache, opts.RunID)
	if err != nil {
		if errors.Is(err, errLocked) {
			err = fmt.Errorf("bring up run %q: a run of that name is up: %w", opts.RunID, err)
		}
		return nil, errors.Join(err, e.close())
	}
	s := &Stack{engine: e, runID: opts.RunID, choices: opts.Choices, lock: lock}
	isUp := false
	defer func() {
		if !isUp { // an error, a panic or runtime.Goexit
			downErr := s.Down(ctx)
			if downErr != nil { // what is left is an orphan from now on
				downErr = errors.Join(downErr, lock.release(), e.close())
			}
			err = errors.Join(err, downErr)
		}
	}()
	if err := s.start(ctx, opts, cache, adjust); err != nil {
		if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
			err = fmt.Errorf("%w: %w", cause, err)
		}
		return nil, fmt.Errorf("bring up run %q: %w", opts.RunID, err)
	}
	if opts.Keep {
		if err := errors.Join(lock.write(noteKept), lock.release()); err != nil {
			return nil, fmt.Errorf("mark run %q as kept: %w", opts.RunID, err)
		}
	}
	isUp = true
	return s, nil
}

// lockRun takes a run's lock. It waits a little: whoever lists runs tries the
// lock too, and holds it for a moment.
func lockRun(ctx context.Context, cache, runID string) (*fileLock, error) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	return lock(ctx, runLock(cache, runID), exclusive, func() {})
}

// labelsOf are the labels of everything that the run makes.
func labelsOf(opts Options, lockPath string) (map[string]string, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("find this machine's name: %w", err)
	}
	return runLabels(opts.RunID, opts.Keep, host, lockPath, opts.Choices, time.Now())
}

// safely turns a panic in a goroutine of Up into an error, so that Up can
// clean up before it fails.
func safely(work func() error) func() error {
	return func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return work()
	}
}
