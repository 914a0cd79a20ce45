package fault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// letGo removes the fault from one target and ends its agent.
func (f *heldFault) letGo(ctx context.Context, g *grip) error {
	if g.gone {
		return nil
	}
	answers, err := f.ask(ctx, g)
	if err == nil {
		err = g.client.Undo(ctx)
	}
	if err != nil {
		err = errors.Join(err, f.restore(ctx, g))
		if !errors.Is(err, errRestored) {
			return err
		}
	}
	g.gone = true
	if !answers {
		return nil // it was killed
	}
	return g.client.Close()
}

// answerPatience is how long an agent may take to say what it sees.
const answerPatience = 8 * time.Second

// ask notes what the agent sees before it undoes the fault. One that lives and
// does not answer, because it was stopped perhaps, is killed: it will not undo
// anything either.
func (f *heldFault) ask(ctx context.Context, g *grip) (answers bool, err error) {
	asking, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	seen, err := g.client.Seen(asking)
	if err == nil {
		g.last = seen
	}
	if ctx.Err() == nil && asking.Err() != nil {
		return false, errors.Join(err, g.client.Kill())
	}
	return true, nil // what is wrong with it undoing tells
}

// Account implements harness.Accountable.
func (f *heldFault) Account() (did, shortfall string) {
	var done, short []string
	for _, g := range f.grips {
		if f.account == nil {
			continue
		}
		did, shortfall := f.account(g.target, g.before, g.last)
		if g.proved != "" {
			did += ", seen from outside: " + g.proved
		}
		done = append(done, did)
		if shortfall != "" {
			short = append(short, shortfall)
		}
	}
	return strings.Join(done, "; "), strings.Join(short, "; ")
}

// errRestored means that another agent did it.
var errRestored = errors.New("another agent undid it")

// restore starts another agent that undoes what the first one left. A target
// that does not run has lost its namespaces, and what was in them.
func (f *heldFault) restore(ctx context.Context, g *grip) error {
	link, err := g.target.Agent(ctx, f.capabilities, f.shares)
	if err != nil {
		if status, statusErr := g.target.Status(ctx); statusErr == nil && status == exited {
			return errRestored
		}
		return fmt.Errorf("start another agent: %w", err)
	}
	c := agent.Dial(link)
	if err := errors.Join(c.Restore(ctx, g.spec, g.before), c.Close()); err != nil {
		return err
	}
	return errRestored
}
