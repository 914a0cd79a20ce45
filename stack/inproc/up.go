package inproc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/orders"
	"github.com/fournines/fournines/stack/platform/reference"
	"github.com/fournines/fournines/stack/platform/registry"
)

// upLimit bounds Up.
const upLimit = 30 * time.Second

// Up starts a stack and returns when all of its replicas are ready. On an
// error nothing is left behind. The caller ends the stack with Down.
func Up(ctx context.Context, o Options) (*Stack, error) {
	s := newStack(o)
	report := s.step("start the in-process platform")
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	err := s.start(ctx)
	report(err)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the in-process platform: %w", err), s.Down(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// Layout is a stack that is not up and never will be: its components and
// replicas can be looked at, to find out what could be done to them.
func Layout() *Stack { return newStack(Options{}) }

// Has reports whether a component of the reference platform exists in process:
// etcd, the database and Prometheus have no place here.
func Has(component string) bool {
	return component == "catalog" || component == "orders" || component == "gateway" || component == "edge"
}

// newStack lays out the reference platform's parts that exist in process.
func newStack(o Options) *Stack {
	if o.LeaseTTL == 0 {
		o.LeaseTTL = 2 * time.Second
	}
	if o.Drain == 0 {
		o.Drain = time.Second
	}
	if o.Orders == nil {
		o.Orders = orders.NewMemory()
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &Stack{options: o, registry: registry.NewMemory(), documents: config.NewMemory(), orders: o.Orders, gateways: newDirectory()}
	programs := map[string]func(name, node string) main{"catalog": s.catalog, "orders": s.ordersService, "gateway": s.gateway, "edge": s.edge}
	for _, part := range stack.Reference() {
		if !Has(part.Component) {
			continue
		}
		program := programs[part.Component]
		c := stack.Component{Name: part.Component}
		for i := 1; i <= part.Replicas; i++ {
			name, node := part.ReplicaName(i), part.Node(i)
			r := &replica{
				name: name, component: part.Component, node: node,
				run: program(name, node), registry: s.registry, documents: s.documents, emit: s.events.Publish, status: exited,
			}
			if part.Component == "gateway" {
				r.moved = s.moved(name, node)
			}
			s.replicas = append(s.replicas, r)
			c.Replicas = append(c.Replicas, r)
		}
		s.components = append(s.components, c)
	}
	return s
}

// start starts all replicas and waits until they are ready.
func (s *Stack) start(ctx context.Context) error {
	var err error
	if s.setup, err = reference.New(); err != nil {
		return err
	}
	for program, document := range s.setup.Documents {
		s.documents.Put(program, document)
	}
	for _, r := range s.replicas {
		if err := r.Start(ctx); err != nil {
			return err
		}
	}
	var all sync.WaitGroup
	problems := make([]error, len(s.replicas))
	for i, r := range s.replicas {
		all.Go(func() { problems[i] = awaitReady(ctx, r) })
	}
	all.Wait()
	return errors.Join(problems...)
}

// awaitReady asks for readiness until it is there or ctx is done.
func awaitReady(ctx context.Context, r *replica) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := r.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-tick.C:
		}
	}
}
