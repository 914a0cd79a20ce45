package docker

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/moby/moby/api/types/container"

	"github.com/fournines/fournines/stack"
)

// errNoBalancer is what other replicas say than HAProxy.
var errNoBalancer = errors.New("it is no HAProxy of the reference platform")

// stats is the base URL of the replica's statistics.
func (r *replica) stats() (string, error) {
	if r.platform == nil || r.Component() != stack.Edge {
		return "", errNoBalancer
	}
	url, ok := r.platform.URL(stack.EdgeStats)
	if !ok {
		return "", errNoBalancer
	}
	return url, nil
}

// Weight is the weight of a server in the statistics; see fault.Balancer.
func (r *replica) Weight(ctx context.Context, server string) (int, error) {
	stats, err := r.stats()
	if err != nil {
		return 0, r.wrap("ask for a weight of", err)
	}
	servers, err := serversOf(ctx, stats)
	if err != nil {
		return 0, r.wrap("ask for a weight of", err)
	}
	var names []string
	for _, s := range servers {
		if s["svname"] == server {
			weight, err := strconv.Atoi(s["weight"])
			return weight, r.wrap("read a weight of", err)
		}
		names = append(names, s["svname"])
	}
	return 0, r.wrap("ask for a weight of", fmt.Errorf("want server %q, saw %v", server, names))
}

// SetWeight gives a server another weight.
func (r *replica) SetWeight(ctx context.Context, server string, weight int) error {
	if _, err := r.stats(); err != nil {
		return r.wrap("change a weight of", err)
	}
	return r.wrap("change a weight of", r.engine.weigh(ctx, r.ID(), server, strconv.Itoa(weight)))
}

// backend is the name of the gateways together in HAProxy's configuration.
const backend = "gateway"

func (e *engine) weigh(ctx context.Context, id, server, weight string) error {
	return e.balancer(ctx, id, "set", "server", backend+"/"+server, "weight", weight)
}

// undoWeigh gives a server its weight from before. A container that has ended
// has the weights of its configuration when it is started.
func undoWeigh(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	if !c.State.Running {
		return nil
	}
	return e.weigh(ctx, c.ID, s.Args["server"], s.Args["weight"])
}

// worker is what HAProxy's statistics say of the process that they are from.
var worker = regexp.MustCompile(`pid = </b> (\d+)`)

// Generation is the process that serves; see fault.Reloader.
func (r *replica) Generation(ctx context.Context) (string, error) {
	stats, err := r.stats()
	if err != nil {
		return "", r.wrap("ask for the process of", err)
	}
	body, err := expectOK(ctx, stats+"/stats")
	if err != nil {
		return "", r.wrap("ask for the process of", err)
	}
	found := worker.FindSubmatch(body)
	if found == nil {
		return "", r.wrap("ask for the process of", errors.New("want the statistics to name it, saw no number"))
	}
	return string(found[1]), nil
}

// Reload has another process take over with the same configuration.
func (r *replica) Reload(ctx context.Context) error {
	if _, err := r.stats(); err != nil {
		return r.wrap("reload", err)
	}
	return r.wrap("reload", r.engine.balancer(ctx, r.ID(), "reload"))
}
