package docker_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/registry"
)

// leaseTTL is what the platform's programs register with.
const leaseTTL = 2 * time.Second

// A replica that dies without a word is taken out of the registry when its
// lease ends, and is back in it once it runs again. Nobody restarts it here.
func TestTheRegistryDropsADeadInstanceWithItsLease(t *testing.T) {
	st := sharedStack.up(t)
	var hosts []string
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			if base, ok := st.URL(r.Name()); c.Name == "etcd" && ok {
				u, err := url.Parse(base)
				if err != nil {
					t.Fatal(err)
				}
				hosts = append(hosts, u.Host)
			}
		}
	}
	client, err := registry.Open("etcd://" + strings.Join(hosts, ","))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var mu sync.Mutex
	var names []string
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		if err := client.Watch(ctx, "catalog", func(u registry.Update) {
			mu.Lock()
			defer mu.Unlock()
			if u.Err == nil {
				names = names[:0]
				for _, in := range u.Instances {
					names = append(names, in.Name)
				}
			}
		}); err != nil {
			t.Error(err)
		}
	})
	defer watching.Wait()
	defer stop()
	registered := func(want bool) func(context.Context) error {
		return func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			if slices.Contains(names, "catalog-2") != want {
				return fmt.Errorf("the registry has %q", names)
			}
			return nil
		}
	}
	eventually(t, "catalog-2 is registered", registered(true))
	victim, _ := stack.Find(st, "catalog-2")
	t.Cleanup(func() {
		if err := victim.Start(context.Background()); err != nil {
			t.Error(err)
		}
		if err := st.Await(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := victim.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	eventually(t, "catalog-2 is dropped", registered(false))
	took := time.Since(began)
	t.Logf("dropped %v after its death, with a lease of %v", took.Round(time.Millisecond), leaseTTL)
	if took > leaseTTL+time.Second {
		t.Errorf("dropped after %v, want within the lease of %v and a second", took, leaseTTL)
	}
	if err := victim.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "catalog-2 is registered again", registered(true))
}
