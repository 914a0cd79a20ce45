package docker_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/platform/transition"
)

// within repeats check until it is nil.
func within(t *testing.T, limit time.Duration, what string, check func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: want it within %v, last seen: %v", what, limit, err)
		case <-tick.C:
		}
	}
}

// namesOf are the replicas of a component.
func namesOf(st stack.Stack, component string) (names []string) {
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			if c.Name == component {
				names = append(names, r.Name()+" on "+r.Node())
			}
		}
	}
	return names
}

// holder is what faults that last do to a replica.
type holder interface {
	stack.Replica
	Hold(ctx context.Context, node, on bool) error
	Life(ctx context.Context) (string, error)
}

func TestTheControllerKeepsThePlatformWhole(t *testing.T) {
	dockertest.Require(t)
	dockertest.Slow(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: runID("controller"), Progress: logSteps(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	trust(t, st)
	find := func(name string) holder {
		r, ok := stack.Find(st, name)
		if !ok {
			t.Fatalf("there is no replica %q", name)
		}
		return r.(holder)
	}
	kill := func(r stack.Replica) {
		t.Helper()
		if err := r.Kill(t.Context(), "KILL"); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"catalog-2", "etcd-1", "edge", "prometheus"} {
		t.Run(name+" is started again when it is killed", func(t *testing.T) {
			r := find(name)
			before, err := r.Life(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			kill(r)
			within(t, 60*time.Second, name+" runs again", func(ctx context.Context) error {
				now, err := r.Life(ctx)
				if err == nil && now == before {
					err = fmt.Errorf("it is still %s", now)
				}
				if err != nil {
					return err
				}
				return r.Ready(ctx)
			})
		})
	}
	t.Run("what is frozen is started again", func(t *testing.T) {
		r := find("catalog-3")
		before, _ := r.Life(t.Context())
		if err := r.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		within(t, 60*time.Second, "it runs again", func(ctx context.Context) error {
			if now, err := r.Life(ctx); err != nil || now == before {
				return fmt.Errorf("it is still %s, %v", now, err)
			}
			return r.Ready(ctx)
		})
	})
	t.Run("a container that is removed is made again", func(t *testing.T) {
		r, ok := stack.Find(st, "gateway-3")
		if !ok {
			t.Fatal("there is no gateway-3")
		}
		id := r.ID()
		if err := r.(interface{ Remove(context.Context) error }).Remove(t.Context()); err != nil {
			t.Fatal(err)
		}
		within(t, 60*time.Second, "it is there", func(ctx context.Context) error {
			if r.ID() == id {
				return fmt.Errorf("it is still %s", id)
			}
			return r.Ready(ctx)
		})
	})
	t.Run("replicas of a lost node are placed elsewhere until it is back", func(t *testing.T) {
		lost := []string{"catalog-2", "gateway-2", "etcd-2"}
		for _, name := range lost {
			if err := find(name).Hold(t.Context(), true, true); err != nil {
				t.Fatal(err)
			}
			kill(find(name))
		}
		within(t, 60*time.Second, "both are placed and ready", func(ctx context.Context) error {
			for _, component := range []string{"catalog", "gateway"} {
				r, ok := stack.Find(st, component+"-4")
				if !ok || r.Node() == "b" {
					return fmt.Errorf("%s are %q", component, namesOf(st, component))
				}
				if url, ok := st.URL(r.Name()); !ok || !strings.HasPrefix(url, "http://127.0.0.1:") {
					return fmt.Errorf("%s is at %q", r.Name(), url)
				}
				if err := r.Ready(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		gateway, _ := st.URL("gateway-4")
		within(t, 30*time.Second, "the gateways send requests to the new catalog", func(ctx context.Context) error {
			metrics, err := get(ctx, gateway+"/metrics")
			if err == nil && !strings.Contains(metrics, `fournines_endpoint_ejected{endpoint="catalog-4",service="catalog"} 0`) {
				err = fmt.Errorf("gateway-4 does not know catalog-4")
			}
			return err
		})
		for _, name := range lost {
			if status, err := find(name).Status(t.Context()); err != nil || status != "exited" {
				t.Errorf("%s is %q, %v; want it down while its node is held", name, status, err)
			}
		}
		for _, name := range lost {
			if err := find(name).Hold(t.Context(), true, false); err != nil {
				t.Fatal(err)
			}
		}
		within(t, 90*time.Second, "the node's own are back and the others gone", func(ctx context.Context) error {
			for _, component := range []string{"catalog", "gateway"} {
				if names := namesOf(st, component); len(names) != 3 {
					return fmt.Errorf("%s are %q", component, names)
				}
			}
			for _, name := range lost {
				if err := find(name).Ready(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	t.Run("nobody notices that the controller is killed", func(t *testing.T) {
		controller := find(stack.Controller)
		edge, _ := st.URL(stack.Edge)
		ctx, stop := context.WithCancel(t.Context())
		var good, bad atomic.Int64
		asked := make(chan struct{})
		go func() {
			defer close(asked)
			for ctx.Err() == nil {
				response, err := http.Get(edge + "/api/catalog/items/1")
				if err == nil {
					response.Body.Close()
				}
				if err != nil || response.StatusCode != http.StatusOK {
					bad.Add(1)
					continue
				}
				good.Add(1)
			}
		}()
		more := func() {
			from := good.Load()
			within(t, 60*time.Second, "200 more requests", func(context.Context) error {
				if n := good.Load() - from; n < 200 {
					return fmt.Errorf("%d were answered", n)
				}
				return nil
			})
		}
		more()
		kill(controller)
		within(t, 10*time.Second, "it is gone", func(ctx context.Context) error {
			if status, err := controller.Status(ctx); err != nil || status != "exited" {
				return fmt.Errorf("it is %q, %v", status, err)
			}
			return nil
		})
		more()
		if err := controller.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		more()
		stop()
		<-asked
		if bad.Load() > 0 {
			t.Errorf("%d of %d requests failed, want none", bad.Load(), bad.Load()+good.Load())
		}
		kill(find("catalog-1"))
		within(t, 60*time.Second, "the new controller works", find("catalog-1").Ready)
	})
	t.Run("what it did is told", func(t *testing.T) {
		base, _ := st.URL(stack.Controller)
		metrics, err := get(t.Context(), base+"/metrics")
		if err != nil || !strings.Contains(metrics, `fournines_controller_transitions_total{kind="noticed",subject="catalog-1"}`) ||
			!strings.Contains(metrics, `fournines_controller_replicas{component="catalog",state="wanted"} 3`) {
			t.Errorf("metrics do not tell of it: %v\n%s", err, metrics)
		}
		told, err := get(t.Context(), base+transition.Path+"?after=0")
		if err != nil || !strings.Contains(told, `"kind":"restarted","subject":"catalog-1"`) {
			t.Errorf("transitions %s, %v; want that catalog-1 was restarted", told, err)
		}
	})
	if names := namesOf(st, "catalog"); !slices.Equal(names, []string{"catalog-1 on a", "catalog-2 on b", "catalog-3 on c"}) {
		t.Errorf("catalogs are %q at the end", names)
	}
}
