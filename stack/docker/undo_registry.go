package docker

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/moby/moby/api/types/container"
)

// undoWithdraw takes an instance out of the registry that never existed. A
// registry that went away with its stack has nothing of it left.
func undoWithdraw(ctx context.Context, _ *engine, c container.InspectResponse, s UndoStep) error {
	err := withdraw(ctx, s.Args)
	if err != nil && c.ID == "" && errors.Is(err, syscall.ECONNREFUSED) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take registry key %q out: %w", s.Args[impostorKey], err)
	}
	return nil
}
