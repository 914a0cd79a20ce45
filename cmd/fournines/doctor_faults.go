package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netqueue"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

const (
	// tryApply and tryUndo bound one try of a fault: they are what a trial
	// grants.
	tryApply = 20 * time.Second
	tryUndo  = 40 * time.Second
)

// support says whether a fault is possible here.
type support string

const (
	supported support = "supported"
	// fallback is a fault that works here by other means than the first choice.
	fallback    support = "fallback"
	unsupported support = "unsupported"
	// untold is a fault that should work and did not.
	untold support = "failed"
)

// possibility is one line of the fault matrix.
type possibility struct {
	Action  string  `json:"action"`
	Support support `json:"support"`
	// By is the means, Seen what the fault came to and what was seen of it from
	// outside, Because why not.
	By      string `json:"by,omitempty"`
	Seen    string `json:"seen,omitempty"`
	Because string `json:"because,omitempty"`
	// Effective is the time from Inject until the fault was proved to be in
	// effect, Removed that from Recover until it was proved to be gone.
	Effective time.Duration `json:"effectiveNs,omitempty"`
	Removed   time.Duration `json:"removedNs,omitempty"`
}

// tryFaults tries every kind of fault once, on a throw-away stack that is made
// for it and removed: prepare, inject, prove, recover, prove.
func (a *app) tryFaults(ctx context.Context, progress io.Writer) (_ []possibility, err error) {
	began := time.Now()
	fmt.Fprintln(progress, "starting a throw-away stack to try every fault on")
	st, err := docker.Up(ctx, docker.Options{RunID: newRunID(began), NoController: true})
	if err != nil {
		return nil, environment(err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, environmentOrNil(st.Down(ctx)))
	}()
	var matrix []possibility
	for _, k := range fault.Catalogue() {
		if ctx.Err() != nil {
			return matrix, environment(context.Cause(ctx))
		}
		p := tryFault(ctx, k, st)
		fmt.Fprintf(progress, "%s: %s\n", p.Action, p.Support)
		matrix = append(matrix, p)
	}
	return matrix, nil
}

func environmentOrNil(err error) error {
	if err == nil {
		return nil
	}
	return environment(err)
}

// tryFault lives the example of a kind once.
func tryFault(ctx context.Context, k fault.Kind, st stack.Stack) possibility {
	f, err := exampleOf(ctx, k, st)
	return possibilityOf(ctx, k, f, err)
}

// possibilityOf lives a fault once, unless err says why it could not be bound.
func possibilityOf(ctx context.Context, k fault.Kind, f harness.Fault, err error) possibility {
	p := possibility{Action: k.Action, Support: untold, By: k.Method}
	if err == nil {
		p.Effective, p.Removed, p.Seen, err = lifeOf(ctx, f)
	}
	switch {
	case err == nil && strings.HasPrefix(p.Seen, netqueue.Way):
		p.Support = fallback
	case err == nil:
		p.Support = supported
	case errors.Is(err, errors.ErrUnsupported):
		p.Support = unsupported
		fallthrough
	default:
		p.By, p.Because = "", strings.Join(strings.Fields(err.Error()), " ")
	}
	return p
}

// exampleOf is the fault that a kind's example describes, bound to st.
func exampleOf(ctx context.Context, k fault.Kind, st stack.Stack) (harness.Fault, error) {
	scenario, err := spec.Parse("the example of "+k.Action, []byte(
		"apiVersion: fournines/v1\nkind: Scenario\nmetadata: {name: doctor}\nhypothesis: every fault can be tried\n"+
			"load: {rate: 50/s, mix: browse}\ndisruption: {for: 30s}\nrecovery: {for: 10s}\nfaults:\n  - "+k.Example+"\nslo: {availability: 99%}\n"))
	if err != nil {
		return nil, err
	}
	plan, err := rig.Resolve(ctx, scenario, st, 1, 1)
	if err != nil {
		return nil, err
	}
	r, err := rig.New(plan, st)
	if err != nil {
		return nil, err
	}
	return r.Faults[0], nil
}

// lifeOf puts a fault into effect and takes it back; did is what it came to,
// where it can tell.
func lifeOf(ctx context.Context, f harness.Fault) (effective, removed time.Duration, did string, err error) {
	applying, cancel := context.WithTimeout(ctx, tryApply)
	defer cancel()
	if _, err := f.Prepare(applying); err != nil {
		return 0, 0, "", err
	}
	began := time.Now()
	in, err := f.Inject(applying)
	if err != nil {
		return 0, 0, "", err
	}
	err = in.Await(applying)
	effective = time.Since(began)
	undoing, cancel := context.WithTimeout(context.WithoutCancel(ctx), tryUndo)
	defer cancel()
	began = time.Now()
	err = errors.Join(err, in.Recover(undoing))
	removed = time.Since(began)
	if a, ok := in.(harness.Accountable); ok {
		did, _ = a.Account() // a shortfall matters to a trial
	}
	return effective, removed, did, err
}

// faultMatrix prints what was found out about the faults.
func (a *app) faultMatrix(matrix []possibility) {
	t := newTheme(a.place.colourOut)
	a.printf("\n")
	for _, p := range matrix {
		style, text := t.good, fmt.Sprintf("in effect after %s, removed after %s: %s", short(p.Effective), short(p.Removed), p.By)
		if p.Seen != "" {
			text += "; " + p.Seen
		}
		switch p.Support {
		case fallback:
			style = t.warn
		case unsupported:
			style, text = t.warn, "because "+p.Because
		case untold:
			style, text = t.bad, p.Because
		}
		a.printf("%s  %-20s %s\n", style.Render(fmt.Sprintf("%-11s", p.Support)), p.Action, text)
	}
}
