package fault

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/fournines/fournines/harness"
)

// Balancer is a target that spreads requests over servers by their weights.
type Balancer interface {
	observed
	// Weight is the weight of a server, as the target tells those who only
	// look; an error when it has no such server.
	Weight(ctx context.Context, server string) (int, error)
	// SetWeight gives a server another weight at once, until the target is
	// started anew.
	SetWeight(ctx context.Context, server string, weight int) error
}

const (
	keptServer = "server"
	keptWeight = "weight"
	// skewed is the status of a target with another weight than before.
	skewed = "balancing by other weights"
)

var serverName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func lbWeightSkew() Kind {
	return Kind{
		Action:  "lb-weight-skew",
		Summary: "give one server behind a load balancer the wrong weight",
		Explain: "Each target gives its server another weight, as a slip of the operator does: 0 sends it nothing new, more than the others' sends it most. Of HAProxy nothing is restarted and no connection is touched; nginx, whose weights are in its configuration alone, is reloaded with another one.",
		Method:  "HAProxy is told on its admin socket, from inside its container; the program beside nginx likewise, which renders another configuration and reloads nginx",
		Class:   App,
		Proof:   "HAProxy's statistics show the other weight; nginx has other workers, by a configuration with the other weight",
		Undone:  "the server has the weight from before again, which the statistics show; a target that was started anew has it by itself",
		Example: "{action: lb-weight-skew, target: {component: edge, mode: all}, at: 0s, duration: 10s, server: gateway-1, weight: 1}",
		Params: []Param{
			free("server", "gateway-1", "gateway-1", "the name of a server", "whose weight is changed", func(value string) error {
				if !serverName.MatchString(value) {
					return fmt.Errorf("not a name")
				}
				return nil
			}),
			number("weight", 1, 0, 256, "the weight that it gets; the reference platform gives each gateway 100"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			all, err := able[Balancer]("lb-weight-skew", b.Targets)
			if err != nil {
				return nil, err
			}
			server, weight := b.Values["server"], b.Values.Count("weight")
			return change[Balancer]{
				action: "lb-weight-skew", targets: all, effect: skewed, lag: killLag,
				verb:  "change a weight of",
				apply: func(ctx context.Context, t Balancer) error { return t.SetWeight(ctx, server, weight) },
				undo:  "weigh",
				restore: func(ctx context.Context, t Balancer, kept data) error {
					before, err := strconv.Atoi(kept[keptWeight])
					if err != nil {
						return fmt.Errorf("read the weight from before: %w", err)
					}
					return t.SetWeight(ctx, server, before)
				},
				keep: func(ctx context.Context, t Balancer) (data, error) {
					before, err := t.Weight(ctx, server)
					if err == nil && before == weight {
						err = fmt.Errorf("server %q has weight %d already: choose another one", server, weight)
					}
					return data{keptServer: server, keptWeight: strconv.Itoa(before)}, err
				},
				state: func(ctx context.Context, t Balancer, kept data) (string, error) {
					now, err := t.Weight(ctx, server)
					if err != nil || strconv.Itoa(now) != kept[keptWeight] {
						return skewed, err
					}
					return t.Status(ctx)
				},
				happened: func(ctx context.Context, t Balancer, _ data) (bool, error) {
					now, err := t.Weight(ctx, server)
					return err == nil && now == weight, err
				},
				command: byHeal[Balancer],
			}, nil
		},
	}
}
