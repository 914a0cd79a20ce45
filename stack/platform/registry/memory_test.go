package registry_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/registry/registrytest"
)

func TestMemoryConforms(t *testing.T) {
	memory := registry.NewMemory()
	defer memory.Close()
	registrytest.Run(t, registrytest.Subject{
		TTL:     300 * time.Millisecond,
		Service: "conform",
		New: func(*testing.T) (registry.Registry, func()) {
			var cut atomic.Bool
			return memory.Client(func(context.Context) error {
				if cut.Load() {
					return errors.New("vanished")
				}
				return nil
			}), func() { cut.Store(true) }
		},
		Outage: func(*testing.T) func() {
			memory.SetAway(true)
			return func() { memory.SetAway(false) }
		},
	})
}

func TestMemorySaysWhyAnInstanceIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := registry.NewMemory()
		defer memory.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		type change struct {
			At         time.Duration
			Kind, Name string
		}
		var got []change
		start := time.Now()
		follow := memory.Changes().Subscribe()
		go follow(ctx, func(c registry.Change) {
			got = append(got, change{c.Time.Sub(start), c.Kind, c.Instance.Name})
		})

		frozen := make(chan struct{})
		var isFrozen atomic.Bool
		client := memory.Client(func(ctx context.Context) error {
			if !isFrozen.Load() {
				return nil
			}
			select {
			case <-frozen:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		registered, leave := context.WithCancel(t.Context())
		in := registry.Instance{Name: "catalog-1", Service: "catalog", Node: "a", Address: "x:1"}
		done := make(chan error, 1)
		go func() { done <- client.Register(registered, in, 3*time.Second, func(error) {}) }()

		<-time.After(2500 * time.Millisecond) // of the bubble's clock; keep-alives at 1 s and 2 s
		isFrozen.Store(true)
		<-time.After(7500 * time.Millisecond)
		isFrozen.Store(false)
		close(frozen)
		synctest.Wait()
		<-time.After(time.Second)
		leave()
		if err := <-done; err != nil {
			t.Errorf("Register returned %v, want nil", err)
		}
		synctest.Wait()
		want := []change{
			{0, "registered", "catalog-1"},
			{5 * time.Second, "lease-expired", "catalog-1"},
			{10 * time.Second, "registered", "catalog-1"},
			{11 * time.Second, "deregistered", "catalog-1"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
	})
}
