package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/stack/docker"
)

// attached is a stack that was up before the run and stays up after it.
type attached struct {
	// name is what its owner calls it, word the value of --stack.
	name, word string
	// what is "compose project" or "kept stack".
	what  string
	stack *docker.Stack
	// agents is true when faults need them.
	agents bool
}

// String is `compose project "shop"`.
func (t *attached) String() string { return fmt.Sprintf("%s %q", t.what, t.name) }

// attachTimeout bounds the look at what is there.
const attachTimeout = 30 * time.Second

// attach joins the stack that --stack names; nil when it names one that is to
// be started. Nothing is changed.
func (f runFlags) attach(ctx context.Context) (*attached, error) {
	t := &attached{word: f.stack}
	join := docker.AttachCompose
	var ok bool
	if t.name, ok = strings.CutPrefix(f.stack, stackCompose); ok {
		t.what = "compose project"
	} else if t.name, ok = strings.CutPrefix(f.stack, stackKept); ok {
		t.what, join = "kept stack", docker.AttachKept
	} else {
		return nil, nil
	}
	if err := engineAnswers(ctx); err != nil {
		return nil, environment(fmt.Errorf("%w\nNothing was started", err))
	}
	ctx, cancel := context.WithTimeout(ctx, attachTimeout)
	defer cancel()
	st, err := join(ctx, t.name, docker.AttachOptions{AllowFaults: f.allowFaults || f.dryRun, NoAgents: f.dryRun})
	if missing, ok := errors.AsType[*docker.NotThere](err); ok {
		return nil, usage(fmt.Errorf("--stack %s: %w%s", f.stack, missing, suggest.DidYouMean(t.name, missing.Known)))
	}
	if err != nil {
		return nil, environment(err)
	}
	t.stack = st
	return t, nil
}

// letGo leaves the stack as it is. It may be called more than once.
func (t *attached) letGo(ctx context.Context) {
	if t != nil {
		_ = t.stack.Down(context.WithoutCancel(ctx)) // closing a connection
	}
}

func (t *attached) targets() []harness.Target {
	if t == nil {
		return nil
	}
	return rig.Targets(t.stack)
}

func (t *attached) choice() stackChoice {
	if t == nil {
		return stackChoice{}
	}
	return stackChoice{kind: t.stack.Kind(), attached: t}
}

// fit binds every plan to the stack, which touches nothing: what cannot be
// bound is refused before anything is.
func (t *attached) fit(plans []harness.Plan, allowHosts []string) error {
	for _, p := range plans {
		bound, err := rig.New(p, t.stack, allowHosts...)
		if err != nil {
			return usage(fmt.Errorf("scenario %q does not fit %s, which was not touched: %w", p.Scenario.Name, t, err))
		}
		for _, f := range bound.Faults {
			if _, ok := f.(fault.Foreseer); ok {
				t.agents = true
			}
		}
	}
	return nil
}

// fitLoads refuses load that the stack cannot be given: a mix is for the
// reference platform, a URL for a stack that is up already.
func fitLoads(all []chosen, c stackChoice) error {
	var problems []error
	for _, s := range all {
		switch {
		case s.Load.URL != "" && c.attached == nil:
			problems = append(problems, fmt.Errorf("scenario %q sends its requests to %s: want the stack behind it, with --stack %sPROJECT or --stack %sRUN",
				s.Name, s.Load.URL, stackCompose, stackKept))
		case s.Load.URL == "" && c.attached != nil && strings.HasPrefix(c.attached.word, stackCompose):
			problems = append(problems, fmt.Errorf("scenario %q sends mix %s, which is traffic for the reference platform: want load.url, a page of %s, in its place",
				s.Name, s.Load.Mix, c.attached))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return usage(err)
	}
	return nil
}
