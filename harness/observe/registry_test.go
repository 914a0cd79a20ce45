package observe

import (
	"context"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// TestRegistryAgainstEtcd runs where an etcd executable is at hand; TestObserversInContainers
// runs the same against etcd in containers.
func TestRegistryAgainstEtcd(t *testing.T) {
	binary, err := exec.LookPath("etcd")
	if err != nil {
		t.Skipf("no etcd executable here (%v); TestObserversInContainers runs this against containers", err)
	}
	testRegistry(t, etcdProcesses(t, binary, 3))
}

// testRegistry holds the Registry observer to its contract against a cluster of
// three members.
func testRegistry(t *testing.T, members []etcdMember) {
	all := writer(t, members...)

	t.Run("registrations, farewells and expiries are told apart", func(t *testing.T) {
		w := watch(t, all, members...)
		lease, other := w.grant(all, 60), w.grant(all, 60)
		w.put(all, "catalog-1", lease)
		w.want("catalog-1", harness.Registered, "catalog at 10.0.0.1:8080 on node b")
		w.put(all, "catalog-1", lease) // an update is no signal
		w.put(all, "catalog-1", other)
		w.want("catalog-1", harness.Registered, "catalog at")
		w.delete(all, "catalog-1")
		w.want("catalog-1", harness.Deregistered, "while its lease was alive")

		expires, granted := w.grant(all, 2), time.Now()
		w.put(all, "catalog-2", expires)
		w.want("catalog-2", harness.Registered, "")
		s := w.want("catalog-2", harness.LeaseExpired, "its lease is gone")
		if after := s.Time.Sub(granted); after < 2*time.Second {
			t.Errorf("a lease of 2 s is said to have expired after %v", after)
		}
		if s.Resolution > time.Second {
			t.Errorf("expiry is dated to within %v, want better than a second", s.Resolution)
		}
		w.put(all, "catalog-2", 0)
		w.want("catalog-2", harness.Registered, "")
		w.delete(all, "catalog-2")
		w.want("catalog-2", harness.Deregistered, "it had no lease")
	})

	t.Run("what was registered before is no signal, and its end is one", func(t *testing.T) {
		before := watched{t: t, prefix: "/" + t.Name() + "/"}
		before.put(all, "catalog-1", before.grant(all, 60))
		w := watch(t, all, members...)
		w.delete(all, "catalog-1")
		w.want("catalog-1", harness.Deregistered, "while its lease was alive")
	})

	for i, lost := range members {
		name := []string{"first", "second", "third"}[i]
		t.Run("a killed "+name+" member costs no change", func(t *testing.T) {
			w := watch(t, all, members...)
			do(t, func(ctx context.Context) error { return lost.Kill(ctx, "KILL") })
			w.put(all, "catalog-1", 0)
			w.want("catalog-1", harness.Registered, "")
			do(t, lost.Start)
			w.put(all, "catalog-2", 0)
			w.want("catalog-2", harness.Registered, "")
			w.delete(all, "catalog-1")
			w.want("catalog-1", harness.Deregistered, "")
		})
		t.Run("a hanging "+name+" member costs no change", func(t *testing.T) {
			w := watch(t, all, members...)
			do(t, lost.Pause)
			t.Cleanup(func() { do(t, func(context.Context) error { return lost.Unpause(context.Background()) }) })
			w.put(all, "catalog-1", 0)
			w.want("catalog-1", harness.Registered, "")
			w.delete(all, "catalog-1")
			w.want("catalog-1", harness.Deregistered, "")
		})
	}

	t.Run("a member that hangs is dialled anew where it is by then", func(t *testing.T) {
		var moved atomic.Bool
		w := watch(t, all, etcdMember{url: func() (string, bool) {
			if moved.Load() {
				return members[1].url()
			}
			return members[0].url()
		}})
		do(t, members[0].Pause)
		t.Cleanup(func() { do(t, func(context.Context) error { return members[0].Unpause(context.Background()) }) })
		moved.Store(true)
		w.put(all, "catalog-1", 0)
		w.want("catalog-1", harness.Registered, "")
	})

	t.Run("changes during the loss of every member that is watched are caught up on", func(t *testing.T) {
		w := watch(t, all, members[0])
		do(t, func(ctx context.Context) error { return members[0].Kill(ctx, "KILL") })
		lost := time.Now()
		rest := writer(t, members[1:]...)
		w.put(rest, "catalog-1", 0)
		w.put(rest, "catalog-2", 0)
		w.delete(rest, "catalog-1")
		do(t, members[0].Start)
		for _, want := range []struct {
			subject string
			kind    harness.Kind
		}{{"catalog-1", harness.Registered}, {"catalog-2", harness.Registered}, {"catalog-1", harness.Deregistered}} {
			s := w.want(want.subject, want.kind, "")
			if earliest := s.Time.Add(-s.Resolution); earliest.After(lost) {
				t.Errorf("%s %s is dated after %v, but the member was lost at %v", s.Subject, s.Kind, earliest, lost)
			}
		}
	})

	t.Run("changes whose history was compacted away are found by comparing", func(t *testing.T) {
		w := watch(t, all, members[0])
		w.put(all, "catalog-1", 0)
		w.want("catalog-1", harness.Registered, "")
		do(t, func(ctx context.Context) error { return members[0].Kill(ctx, "KILL") })
		rest := writer(t, members[1:]...)
		w.delete(rest, "catalog-1")
		w.put(rest, "catalog-2", 0)
		w.put(rest, "catalog-3", 0)
		w.delete(rest, "catalog-3")
		w.compact(rest)
		do(t, members[0].Start)
		w.want("catalog-1", harness.Deregistered, "")
		w.want("catalog-2", harness.Registered, "")
		w.put(all, "catalog-4", 0)
		w.want("catalog-4", harness.Registered, "")
	})
}

func TestRegistryThatNeverAnswersIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nowhere := func() (string, bool) { return "", false }
		start := time.Now()
		err := Registry([]func() (string, bool){nowhere}, "/x/").Observe(t.Context(), nil)
		if err == nil || !strings.Contains(err.Error(), errNowhere.Error()) {
			t.Errorf("Observe = %v, want an error that says %q", err, errNowhere)
		}
		if took := time.Since(start); took != Patience {
			t.Errorf("gave up after %v, want %v", took, Patience)
		}
	})
}
