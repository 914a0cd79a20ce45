// Package registrytest is the conformance test of registry.Registry.
package registrytest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/registry"
)

// Subject is a registry to be tested.
type Subject struct {
	// New returns a client as another program has it, and a function that
	// makes the program vanish: no farewell, no more keep-alives. It is called
	// several times; all clients reach the same registry.
	New func(t *testing.T) (client registry.Registry, vanish func())
	// TTL is the lease length to test with, at least what the registry grants.
	TTL time.Duration
	// Service is the prefix of the service names that the test uses; nobody
	// else may use them.
	Service string
	// Outage takes the registry away and returns a function that brings it
	// back; nil skips the rules about outages.
	Outage func(t *testing.T) (end func())
}

// slack is how long after its TTL a lease may still be seen.
const slack = time.Second

// Run tests the contract of registry.Registry.
func Run(t *testing.T, s Subject) {
	t.Run("a registration is seen by a watch that was there before", s.seenByEarlierWatch)
	t.Run("a watch begins with what is registered", s.seenByLaterWatch)
	t.Run("an instance of another service is not seen", s.otherServiceNotSeen)
	t.Run("a registration lasts as long as its keep-alives", s.lasts)
	t.Run("a lease ends within its TTL and one second when keep-alives stop", s.expires)
	t.Run("the end of the context takes the announcement back at once", s.deregisters)
	t.Run("a restarted instance replaces itself and outlives its old lease", s.replaces)
	t.Run("a useless instance is refused", s.refuses)
	t.Run("registration and watch survive an outage", s.survivesOutage)
}

// in is instance n of the test's own service.
func (s Subject) in(t *testing.T, n int) registry.Instance {
	service := fmt.Sprintf("%s-%x", s.Service, hash(t.Name()))
	return registry.Instance{
		Name: fmt.Sprintf("%s-%d", service, n), Service: service,
		Node: "a", Address: fmt.Sprintf("127.0.0.1:%d", 1000+n),
	}
}

// hash makes a short name of a long one (FNV-1a).
func hash(name string) uint32 {
	h := uint32(2166136261)
	for _, b := range []byte(name) {
		h = (h ^ uint32(b)) * 16777619
	}
	return h
}

func (s Subject) seenByEarlierWatch(t *testing.T) {
	client, _ := s.New(t)
	w := watch(t, client, s.in(t, 1).Service)
	w.await(t, s.patience())
	register(t, client, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
	register(t, client, s.in(t, 2), s.TTL)
	w.await(t, s.patience(), s.in(t, 1), s.in(t, 2))
}

func (s Subject) seenByLaterWatch(t *testing.T) {
	one, _ := s.New(t)
	two, _ := s.New(t)
	register(t, one, s.in(t, 2), s.TTL)
	register(t, one, s.in(t, 1), s.TTL)
	watch(t, two, s.in(t, 1).Service).await(t, s.patience(), s.in(t, 1), s.in(t, 2))
}

func (s Subject) otherServiceNotSeen(t *testing.T) {
	client, _ := s.New(t)
	longer := s.in(t, 1)
	longer.Service += "x" // the same prefix without the separator
	register(t, client, longer, s.TTL)
	w := watch(t, client, s.in(t, 1).Service)
	w.await(t, s.patience())
	register(t, client, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
}

func (s Subject) lasts(t *testing.T) {
	client, _ := s.New(t)
	register(t, client, s.in(t, 1), s.TTL)
	w := watch(t, client, s.in(t, 1).Service)
	w.await(t, s.patience(), s.in(t, 1))
	w.quiet(t, 2*s.TTL+slack)
}

func (s Subject) expires(t *testing.T) {
	client, _ := s.New(t)
	doomed, vanish := s.New(t)
	w := watch(t, client, s.in(t, 1).Service)
	register(t, doomed, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
	vanish()
	start := time.Now()
	w.await(t, s.TTL+slack)
	if took := time.Since(start); took < s.TTL/3 {
		t.Errorf("the lease ended %v after the last keep-alive could have been sent, want not before %v", took, s.TTL/3)
	}
}

func (s Subject) deregisters(t *testing.T) {
	client, _ := s.New(t)
	w := watch(t, client, s.in(t, 1).Service)
	r := register(t, client, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
	if err := r.stop(); err != nil {
		t.Errorf("Register returned %v after its context was done, want nil", err)
	}
	w.await(t, s.TTL/2)
}

func (s Subject) replaces(t *testing.T) {
	client, _ := s.New(t)
	doomed, vanish := s.New(t)
	w := watch(t, client, s.in(t, 1).Service)
	register(t, doomed, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
	vanish()
	moved := s.in(t, 1)
	moved.Address, moved.Node = "127.0.0.1:2000", "b"
	register(t, client, moved, s.TTL)
	w.await(t, s.patience(), moved)
	w.quiet(t, s.TTL+slack)
}

func (s Subject) refuses(t *testing.T) {
	client, _ := s.New(t)
	for _, change := range []func(*registry.Instance){
		func(in *registry.Instance) { in.Name = "" },
		func(in *registry.Instance) { in.Service = "" },
		func(in *registry.Instance) { in.Address = "" },
		func(in *registry.Instance) { in.Name = "a/b" },
		func(in *registry.Instance) { in.Service = "a/b" },
	} {
		in := s.in(t, 1)
		change(&in)
		ctx, cancel := context.WithTimeout(t.Context(), s.patience())
		defer cancel()
		if err := client.Register(ctx, in, s.TTL, func(error) {}); err == nil || ctx.Err() != nil {
			t.Errorf("Register(%+v) = %v, want an error at once", in, err)
		}
	}
}

func (s Subject) survivesOutage(t *testing.T) {
	if s.Outage == nil {
		t.Skip("the subject cannot take its registry away")
	}
	client, _ := s.New(t)
	w := watch(t, client, s.in(t, 1).Service)
	r := register(t, client, s.in(t, 1), s.TTL)
	w.await(t, s.patience(), s.in(t, 1))
	end := s.Outage(t)
	r.awaitReport(t, s.patience(), false)
	w.awaitError(t, s.patience())
	if got := w.current(); !slices.Equal(got, []registry.Instance{s.in(t, 1)}) {
		t.Errorf("during the outage the watch emitted instances %+v, want an error only", got)
	}
	end()
	r.awaitReport(t, s.patience(), true)
	w.await(t, s.patience(), s.in(t, 1))
	register(t, client, s.in(t, 2), s.TTL)
	w.await(t, s.patience(), s.in(t, 1), s.in(t, 2))
}

// patience is how long anything but a lease's end may take.
func (s Subject) patience() time.Duration { return 5*s.TTL + 10*time.Second }
