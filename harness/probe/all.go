package probe

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/harness"
)

type all []harness.Probe

// All is healthy when every one of probes is; they are checked at the same
// time. Its error is all of theirs, in the order given. All of none is
// healthy.
func All(probes ...harness.Probe) harness.Probe { return all(probes) }

func (a all) String() string {
	names := make([]string, len(a))
	for i, p := range a {
		names[i] = p.String()
	}
	return strings.Join(names, ", ")
}

// Check implements harness.Probe.
func (a all) Check(ctx context.Context) error {
	errs := make([]error, len(a))
	var g errgroup.Group
	for i, p := range a {
		g.Go(func() error {
			errs[i] = p.Check(ctx)
			return nil
		})
	}
	// The functions return nothing; their errors are in errs.
	_ = g.Wait()
	return errors.Join(errs...)
}
