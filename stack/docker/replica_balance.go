package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/moby/moby/api/types/container"

	"github.com/fournines/fournines/stack"
)

// errNoBalancer is what other replicas say than the edge.
var errNoBalancer = errors.New("it is no load balancer of the reference platform")

// balancing is what a load balancer says of itself to those who only look.
type balancing struct {
	// process names what serves: another one after every reload.
	process string
	// weights are those of the servers, by their names.
	weights map[string]int
}

// balancing asks the replica, whatever it is made of.
func (r *replica) balancing(ctx context.Context) (balancing, error) {
	if r.platform == nil || r.Component() != stack.Edge {
		return balancing{}, errNoBalancer
	}
	if url, ok := r.platform.URL(stack.EdgeAdmin); ok {
		return nginxBalancing(ctx, url)
	}
	if url, ok := r.platform.URL(stack.EdgeStats); ok {
		return haproxyBalancing(ctx, url)
	}
	return balancing{}, errNoBalancer
}

// Weight is the weight of a server by which requests are spread; see
// fault.Balancer.
func (r *replica) Weight(ctx context.Context, server string) (int, error) {
	b, err := r.balancing(ctx)
	if err != nil {
		return 0, r.wrap("ask for a weight of", err)
	}
	weight, ok := b.weights[server]
	if !ok {
		return 0, r.wrap("ask for a weight of", fmt.Errorf("want server %q, saw %v", server, slices.Sorted(maps.Keys(b.weights))))
	}
	return weight, nil
}

// SetWeight gives a server another weight.
func (r *replica) SetWeight(ctx context.Context, server string, weight int) error {
	if r.platform == nil || r.Component() != stack.Edge {
		return r.wrap("change a weight of", errNoBalancer)
	}
	return r.wrap("change a weight of", r.engine.weigh(ctx, r.ID(), server, strconv.Itoa(weight)))
}

// backend is the name of the gateways together in HAProxy's configuration.
const backend = "gateway"

func (e *engine) weigh(ctx context.Context, id, server, weight string) error {
	return e.balancer(ctx, id, "weight", server, weight)
}

// undoWeigh gives a server its weight from before. A container that has ended
// has the weights of its configuration when it is started.
func undoWeigh(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	if !c.State.Running {
		return nil
	}
	return e.weigh(ctx, c.ID, s.Args["server"], s.Args["weight"])
}

// Generation is the process that serves; see fault.Reloader.
func (r *replica) Generation(ctx context.Context) (string, error) {
	b, err := r.balancing(ctx)
	return b.process, r.wrap("ask for the process of", err)
}

// Reload has another process take over with the same configuration.
func (r *replica) Reload(ctx context.Context) error {
	if r.platform == nil || r.Component() != stack.Edge {
		return r.wrap("reload", errNoBalancer)
	}
	return r.wrap("reload", r.engine.balancer(ctx, r.ID(), "reload"))
}

// worker is what HAProxy's statistics say of the process that they are from.
var worker = regexp.MustCompile(`pid = </b> (\d+)`)

// haproxyBalancing reads HAProxy's statistics.
func haproxyBalancing(ctx context.Context, stats string) (balancing, error) {
	b := balancing{weights: make(map[string]int)}
	servers, err := serversOf(ctx, stats)
	if err != nil {
		return b, err
	}
	for _, s := range servers {
		if s["pxname"] != backend { // the same servers, for when all look dead
			continue
		}
		if b.weights[s["svname"]], err = strconv.Atoi(s["weight"]); err != nil {
			return b, fmt.Errorf("read the weight of %q: %w", s["svname"], err)
		}
	}
	body, err := expectOK(ctx, stats+"/stats")
	if err != nil {
		return b, err
	}
	found := worker.FindSubmatch(body)
	if found == nil {
		return b, errors.New("want the statistics to name their process, saw no number")
	}
	b.process = string(found[1])
	return b, nil
}

// nginxBalancing asks the program beside nginx.
func nginxBalancing(ctx context.Context, admin string) (balancing, error) {
	b := balancing{weights: make(map[string]int)}
	now, err := askNginx(ctx, admin)
	if err != nil {
		return b, err
	}
	b.process = fmt.Sprint(now.Workers)
	for _, s := range now.Servers {
		b.weights[s.Name] = s.Weight
	}
	return b, nil
}

// nginxState is what the program beside nginx says of it.
type nginxState struct {
	Version string
	Workers []int
	Servers []struct {
		Name, Address string
		Weight        int
		Resting       bool
	}
}

// askNginx asks the program beside nginx; admin is the base URL of its admin
// port.
func askNginx(ctx context.Context, admin string) (now nginxState, err error) {
	body, err := expectOK(ctx, admin+"/-/edge")
	if err != nil {
		return now, err
	}
	if err := json.Unmarshal(body, &now); err != nil {
		return now, fmt.Errorf("read how nginx is: %w", err)
	}
	return now, nil
}
