package fault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// cluster is a registry of several members; its times pass on the clock of the
// synctest bubble.
type cluster struct {
	members []*member

	mu sync.Mutex
	// leader is who leads; another member is elected once it was away for
	// electing.
	leader   *member
	lostAt   time.Time
	electing time.Duration
	// stubborn clusters take writes without a majority.
	stubborn bool
	leases   map[string]string
	keys     map[string]string
	// renewing is how long a program takes to register again; never when 0.
	renewing  time.Duration
	revokedAt map[string]time.Time
}

// member is one replica of a cluster, or a program that is registered in it.
type member struct {
	*replica
	of *cluster
}

func newCluster(names ...string) *cluster {
	c := &cluster{electing: 600 * time.Millisecond, renewing: 700 * time.Millisecond, leases: map[string]string{}, keys: map[string]string{}, revokedAt: map[string]time.Time{}}
	for _, name := range names {
		c.members = append(c.members, &member{newReplica(name), c})
	}
	c.leader = c.members[0]
	return c
}

func (c *cluster) bind(t *testing.T, action string, values Values, targets ...*member) harness.Fault {
	t.Helper()
	b := Binding{Values: values}
	for _, m := range targets {
		b.Targets = append(b.Targets, m)
	}
	f, err := New(action, b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (m *member) up() bool {
	status, _ := m.Status(context.Background())
	return status == running
}

func (m *member) Leader(ctx context.Context) (string, error) {
	c := m.of
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leader.up() {
		c.lostAt = time.Time{}
		return c.leader.name, ctx.Err()
	}
	if c.lostAt.IsZero() {
		c.lostAt = time.Now()
	}
	if time.Since(c.lostAt) >= c.electing {
		for _, other := range c.members {
			if other.up() {
				c.leader = other
				return other.name, ctx.Err()
			}
		}
	}
	return "", ctx.Err()
}

func (m *member) Agree(ctx context.Context) error {
	up := 0
	for _, other := range m.of.members {
		if other.up() {
			up++
		}
	}
	if up <= len(m.of.members)/2 && !m.of.stubborn {
		return errors.New("no majority")
	}
	return ctx.Err()
}

func (m *member) Lease(ctx context.Context) (string, error) {
	c := m.of
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := c.revokedAt[m.name]; ok && c.renewing > 0 && time.Since(at) >= c.renewing {
		delete(c.revokedAt, m.name)
		c.leases[m.name] = "renewed"
	}
	return c.leases[m.name], ctx.Err()
}

func (m *member) Revoke(ctx context.Context, lease string) error {
	return m.do(ctx, "revoke "+lease, func() {
		if m.deaf {
			return
		}
		m.of.mu.Lock()
		defer m.of.mu.Unlock()
		m.of.leases[m.name], m.of.revokedAt[m.name] = "", time.Now()
	})
}

func (m *member) Impostor(_ context.Context, silent bool) (map[string]string, error) {
	return map[string]string{"key": m.name + "-stale", "value": fmt.Sprint("silent ", silent)}, m.fail["impostor"]
}

func (m *member) Announce(ctx context.Context, in map[string]string) error {
	return m.do(ctx, "announce", func() {
		m.of.mu.Lock()
		defer m.of.mu.Unlock()
		if !m.deaf {
			m.of.keys[in["key"]] = in["value"]
		}
	})
}

func (m *member) Withdraw(ctx context.Context, in map[string]string) error {
	return m.do(ctx, "withdraw", func() {
		m.of.mu.Lock()
		defer m.of.mu.Unlock()
		if m.of.keys[in["key"]] == in["value"] {
			delete(m.of.keys, in["key"])
		}
	})
}

func (m *member) Announced(_ context.Context, in map[string]string) (bool, error) {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	return m.of.keys[in["key"]] == in["value"], nil
}

// completes takes a fault through its whole life.
func completes(t *testing.T, f harness.Fault) {
	t.Helper()
	prepare(t, f)
	in := inject(t, f)
	if err := in.Await(within(t, 5*time.Second)); err != nil {
		t.Fatalf("Await: %v", err)
	}
	for range 2 {
		if err := in.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatalf("Recover: %v", err)
		}
	}
}

func TestLeaderKillWantsAnotherLeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster("etcd-1", "etcd-2", "etcd-3")
		completes(t, c.bind(t, "leader-kill", nil, c.members[0]))
		if c.leader == c.members[0] {
			t.Error("Await returned nil while the old leader led")
		}
		if _, err := c.bind(t, "leader-kill", nil, c.members[2]).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), `want it to lead, saw "etcd-2" lead: the leader has moved`) {
			t.Errorf("a target that does not lead: error = %v, want a refusal", err)
		}
		if _, err := New("leader-kill", Binding{Targets: []Target{c.members[0], c.members[1]}}); err == nil || !strings.Contains(err.Error(), "want one target") {
			t.Errorf("two targets: error = %v, want a refusal", err)
		}

		c = newCluster("etcd-1", "etcd-2", "etcd-3")
		c.electing = time.Hour
		in := inject(t, c.bind(t, "leader-kill", nil, c.members[0]))
		if err := in.Await(within(t, 2*time.Second)); err == nil || !strings.Contains(err.Error(), `want another leader than "etcd-1", saw nobody`) {
			t.Errorf("nobody was elected: error = %v, want that said", err)
		}
	})
}

func TestQuorumLossWantsNoMajority(t *testing.T) {
	for _, by := range []string{"pause", "kill"} {
		t.Run(by, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCluster("etcd-1", "etcd-2", "etcd-3")
				f := c.bind(t, "quorum-loss", Values{"by": by}, c.members[0], c.members[2])
				completes(t, f)
				if err := c.members[1].Agree(t.Context()); err != nil {
					t.Errorf("after Recover: %v", err)
				}
				want := map[string]string{"pause": "unpause", "kill": "start"}[by]
				if steps := prepare(t, f).Steps; len(steps) != 2 || steps[0].Op != want {
					t.Errorf("steps = %+v, want %s for both", steps, want)
				}

				// One of three is no majority.
				in := inject(t, c.bind(t, "quorum-loss", Values{"by": by}, c.members[0]))
				if err := in.Await(within(t, time.Second)); err == nil || !strings.Contains(err.Error(), "still takes writes") {
					t.Errorf("a minority: error = %v, want no proof", err)
				}
				// A registry without a majority is not to be broken further.
				c.members[1].die()
				if _, err := c.bind(t, "quorum-loss", Values{"by": by}, c.members[2]).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "no majority") {
					t.Errorf("no majority from the start: error = %v, want a refusal", err)
				}
			})
		})
	}
}

func TestLeaseExpiryIsSeenAndPassesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster("catalog-1", "catalog-2")
		c.leases = map[string]string{"catalog-1": "first", "catalog-2": "second"}
		f := c.bind(t, "lease-expiry", nil, c.members[0])
		if undo := prepare(t, f); len(undo.Steps) > 0 || !strings.Contains(undo.Summary, "passes by itself") {
			t.Errorf("undo = %+v, want none", undo)
		}
		completes(t, f)
		if want := map[string]string{"catalog-1": "renewed", "catalog-2": "second"}; !maps.Equal(c.leases, want) {
			t.Errorf("leases = %v, want %v", c.leases, want)
		}
		c.members[1].deaf = true
		if err := inject(t, c.bind(t, "lease-expiry", nil, c.members[1])).Await(within(t, time.Second)); err == nil {
			t.Error("a lease that is as before was taken for ended")
		}
		c.members[1].deaf, c.renewing = false, 0
		in := inject(t, c.bind(t, "lease-expiry", nil, c.members[1]))
		if err := in.Recover(within(t, 5*time.Second)); err == nil || !strings.Contains(err.Error(), "unregistered") {
			t.Errorf("an instance that does not come back: error = %v, want that said", err)
		}
		if _, err := c.bind(t, "lease-expiry", nil, c.members[1]).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "under a lease, saw none") {
			t.Errorf("an instance that is not announced: error = %v, want a refusal", err)
		}
	})
}

func TestStaleRegistrationIsTakenOutAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster("catalog-1", "catalog-2")
		f := c.bind(t, "stale-registration", Values{"answer": "silence"}, c.members[0], c.members[1])
		undo := prepare(t, f)
		if len(undo.Steps) != 2 || undo.Steps[0].Op != "withdraw" || undo.Steps[1].Args["key"] != "catalog-2-stale" || undo.Steps[0].Args["value"] != "silent true" {
			t.Errorf("undo = %+v, want both keys withdrawn", undo)
		}
		completes(t, f)
		if len(c.keys) > 0 {
			t.Errorf("keys = %v, want none left", c.keys)
		}

		in := inject(t, c.bind(t, "stale-registration", nil, c.members[0]))
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		c.keys["catalog-1-stale"] = "somebody else's"
		if err := in.Recover(within(t, 30*time.Second)); err != nil || c.keys["catalog-1-stale"] == "" {
			t.Errorf("Recover = %v, keys %v: want a key of somebody else left alone", err, c.keys)
		}
		c.members[1].deaf = true
		if err := inject(t, c.bind(t, "stale-registration", nil, c.members[1])).Await(within(t, time.Second)); err == nil {
			t.Error("a key that is not there was taken for announced")
		}
	})
}

// placed is a replica that says of which component it is.
type placed struct {
	*replica
	component string
}

func (p placed) Component() string { return p.component }

func TestFaultsOfTheMonitoringHitNothingElse(t *testing.T) {
	for action, component := range map[string]string{"prometheus-kill": "prometheus", "scrape-outage": "prometheus", "alertmanager-kill": "alertmanager"} {
		if _, err := New(action, Binding{Targets: []Target{placed{newReplica("catalog-1"), "catalog"}}}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf(`want the component %q, saw one of "catalog"`, component)) {
			t.Errorf("%s: error = %v, want a refusal", action, err)
		}
		synctest.Test(t, func(t *testing.T) {
			f, err := New(action, Binding{Targets: []Target{placed{newReplica(component), component}}})
			if err != nil {
				t.Fatal(err)
			}
			completes(t, f)
		})
	}
}
