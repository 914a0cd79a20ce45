package docker

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/moby/moby/client"
)

// FileLimit is how many descriptors the replica's main process may have open,
// as this machine's kernel says.
func (r *replica) FileLimit(ctx context.Context) (int64, error) {
	inspected, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil {
		return 0, r.wrap("inspect", err)
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", inspected.Container.State.Pid))
	if err != nil {
		return 0, r.wrap("read the limits of", fmt.Errorf("%w; the engine must run on this machine itself, and the container must run", err))
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			if f := strings.Fields(rest); len(f) > 0 {
				n, err := strconv.ParseInt(f[0], 10, 64)
				return n, r.wrap("read the limits of", err)
			}
		}
	}
	return 0, r.wrap("read the limits of", fmt.Errorf("expected a limit of open files, saw none"))
}
