package fault

import (
	"context"
	"errors"
	"fmt"
)

// Lasting implements harness.Lasting: every agent is there and sees its fault
// in effect. A target that ended took what was in its namespaces along, which
// is a fault that ended before its time too; what is in its volumes stays.
func (f *heldFault) Lasting(ctx context.Context) error {
	return f.each(ctx, func(ctx context.Context, g *grip) error {
		seen, err := g.client.Seen(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("%s %q: %w", f.action, g.target.Name(), err)
		case !seen.Active:
			return fmt.Errorf("%s %q: %w", f.action, g.target.Name(), errors.New("the agent does not see it in effect any more: "+seen.Detail))
		}
		status, err := g.target.Status(ctx)
		if err == nil && status == exited && !f.onVolumes() {
			err = errors.New("it ended")
		}
		if err != nil {
			return fmt.Errorf("%s %q: want it running, saw status %q: %w", f.action, g.target.Name(), status, err)
		}
		return nil
	})
}
