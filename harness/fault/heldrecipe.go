package fault

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
)

// Foresee is the recipe as far as it is known without agents, which Prepare
// starts.
func (f *heldFault) Foresee() (harness.UndoRecipe, error) { return f.recipe() }

// recipe is how another process undoes the fault.
func (f *heldFault) recipe() (harness.UndoRecipe, error) {
	r := harness.UndoRecipe{Summary: "make the agents beside the targets undo " + f.String()}
	var ids, raw []string
	for _, g := range f.grips {
		spec, err := json.Marshal(g.spec)
		if err != nil {
			return r, fmt.Errorf("write down how to undo %s: %w", f, err)
		}
		before, err := json.Marshal(g.before)
		if err != nil {
			return r, fmt.Errorf("write down how to undo %s: %w", f, err)
		}
		r.Steps = append(r.Steps, harness.UndoStep{Op: "agent", Target: g.target.Name(), ID: g.target.ID(), Args: map[string]string{
			"spec": string(spec), "before": string(before),
			"capabilities": strings.Join(f.capabilities, ","), "shares": strings.Join(f.shares, ","),
		}})
		ids = append(ids, g.target.ID())
		if f.byHand != nil && g.spec.Effect != "" { // else it was not prepared
			raw = append(raw, f.byHand(g.target.ID(), g.spec, g.before)...)
		}
	}
	commands := append([]string{healFirst, agentCommand(ids)}, raw...)
	if f.restarts {
		for _, g := range f.grips {
			r.Steps = append(r.Steps, harness.UndoStep{Op: "start", Target: g.target.Name(), ID: g.target.ID()})
		}
		commands = append(commands, engineCommand("start", ids))
	}
	if engineCommand("stop", ids) != "" {
		r.Command = strings.Join(commands, "; ")
	}
	return r, nil
}

// agentCommand is what a person types to make the agents of containers undo
// what they hold: they do when they are stopped. Each container is asked for
// by itself, because the engine lists what fits all filters of one name.
func agentCommand(ids []string) string {
	return fmt.Sprintf("for c in %s; do docker ps -q --filter label=io.fournines.agent=$c; done | xargs -r docker stop -t %d",
		strings.Join(ids, " "), agentStops)
}
