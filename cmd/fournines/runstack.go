package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/inproc"
)

// bringUp brings the chosen stack up. What dead runs left in the engine is
// removed before.
func (c stackChoice) bringUp(ctx context.Context, runID string, d display) (stack.Stack, error) {
	if c.kind == stackInproc {
		return inproc.Up(ctx, inproc.Options{Progress: d.step})
	}
	if err := sweep(ctx, d); err != nil {
		return nil, err
	}
	return docker.Up(ctx, docker.Options{RunID: runID, Progress: d.step})
}

// down takes the stack down with a context that survives cancellation.
func (r *runner) down(ctx context.Context, st stack.Stack) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), downTimeout)
	defer cancel()
	step := stack.Step{Name: "remove the stack"}
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
	return environment(fmt.Errorf("bring up the %s stack: %w", r.choice.kind, err))
}
