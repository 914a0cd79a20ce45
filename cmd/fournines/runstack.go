package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/inproc"
)

// bringUp brings the chosen stack up.
func (c stackChoice) bringUp(ctx context.Context, runID string, d display) (stack.Stack, error) {
	switch {
	case c.attached != nil:
		if c.attached.agents { // an image made under load would make the fault late
			if err := c.attached.stack.PrepareAgents(ctx, d.step); err != nil {
				return nil, err
			}
		}
		return c.attached.stack, nil
	case c.kind == stackInproc:
		return inproc.Up(ctx, inproc.Options{Progress: d.step})
	}
	return docker.Up(ctx, docker.Options{RunID: runID, Choices: c.platform, Progress: d.step})
}

// guard heals what dead runs left and makes sure, before anything is started,
// that the faults of this run will end. It is nil for a stack that dies with
// this process.
func (c stackChoice) guard(ctx context.Context, runID string, d display) (*guard, error) {
	if c.kind == stackInproc {
		return nil, nil
	}
	if err := sweep(ctx, d); err != nil {
		return nil, err
	}
	if err := healLeft(ctx, d); err != nil {
		return nil, fmt.Errorf("nothing was started: %w", err)
	}
	g, err := newGuard(ctx, runID, c.attached == nil)
	if err != nil {
		return nil, fmt.Errorf("nothing was started: %w", err)
	}
	return g, nil
}

// openGuard opens the run's guard; close ends it after the stack was taken
// down.
func (r *runner) openGuard(ctx context.Context) (close func(), err error) {
	if r.guard == nil {
		return func() {}, nil
	}
	g, err := r.guard(ctx)
	if err != nil || g == nil {
		return func() {}, err
	}
	r.journal = g
	return func() {
		if err := g.close(r.downErr == nil); err != nil {
			r.display.say("warning: %v", err)
		}
	}, nil
}

// down takes the stack down with a context that survives cancellation.
func (r *runner) down(ctx context.Context, st stack.Stack) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), downTimeout)
	defer cancel()
	step := stack.Step{Name: "remove the stack"}
	if r.choice.attached != nil {
		step.Name = "let go of " + r.choice.attached.String()
	}
	r.display.step(step)
	began := time.Now()
	err := st.Down(ctx)
	step.Ended, step.Took, step.Err = true, time.Since(began), err
	r.display.step(step)
	if err != nil {
		r.downErr = fmt.Errorf("remove the stack: %w", err)
		if !strings.Contains(err.Error(), cleanUp) {
			r.downErr = fmt.Errorf("%w\nremove what is left with `%s`", r.downErr, cleanUp)
		}
	}
}

// explainUp is the error of a stack that did not come up: an interrupted start
// is no error.
func (r *runner) explainUp(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	if _, ok := errors.AsType[*failure](err); ok { // it says itself what it is
		return err
	}
	return environment(fmt.Errorf("bring up the %s stack: %w", r.choice.kind, err))
}
