package observe

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
	"github.com/fournines/fournines/harness/probe"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	platform "github.com/fournines/fournines/stack/platform/registry"
)

// TestObserversInContainers shows every observer what it is for: the reference
// platform in containers, under a little load, and one catalog replica killed.
func TestObserversInContainers(t *testing.T) {
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: fmt.Sprintf("observe-test-%d", os.Getpid()), NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Errorf("Down = %v", err)
		}
	})
	t.Run("every source sees a killed replica and its return", func(t *testing.T) { testKill(t, st) })
	t.Run("registry", func(t *testing.T) {
		var members []etcdMember
		for i := range 3 {
			name := fmt.Sprintf("etcd-%d", i+1)
			r, ok := stack.Find(st, name)
			if !ok {
				t.Fatalf("no replica %q", name)
			}
			members = append(members, etcdMember{
				etcdReplica: killed{r},
				url:         func() (string, bool) { return st.URL(name) },
			})
		}
		testRegistry(t, members)
	})
}

// killed is a replica whose Kill returns once the process is gone.
type killed struct{ stack.Replica }

func (k killed) Kill(ctx context.Context, signal string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := k.Replica.Kill(ctx, signal); err != nil {
		return err
	}
	for {
		status, err := k.Status(ctx)
		if err != nil || status == "exited" {
			return err
		}
		wait(ctx, 10*time.Millisecond)
	}
}

// until checks p until it holds, for patience at most.
func until(ctx context.Context, p harness.Probe) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := p.Check(ctx)
		if err == nil || !wait(ctx, 50*time.Millisecond) {
			return err
		}
	}
}

// trust holds the authority of a stack whose edge shows its certificates.
func trust(t *testing.T, st stack.Stack) *x509.CertPool {
	t.Helper()
	own, ok := st.(interface{ Authority() []byte })
	if !ok || own.Authority() == nil {
		return nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(own.Authority()) {
		t.Fatal("the stack's authority is no certificate in PEM")
	}
	return roots
}

func testKill(t *testing.T, st stack.Stack) {
	const victim = "catalog-2"
	replica, ok := stack.Find(st, victim)
	if !ok {
		t.Fatalf("no replica %q", victim)
	}
	at := func(endpoint string) func() (string, bool) { return func() (string, bool) { return st.URL(endpoint) } }
	edge, _ := st.URL(stack.Edge)
	traffic, err := load.New(load.Config{Rate: 100, Timeout: 2 * time.Second, Requests: load.Browse(edge, 1), Trust: trust(t, st)})
	if err != nil {
		t.Fatal(err)
	}
	seen := newGathering()
	observers := []harness.Observer{
		Containers(func(ctx context.Context, emit func(time.Time, string, string, string)) error {
			return st.Events(ctx, func(e stack.Event) { emit(e.Time, e.Replica, e.Kind, e.Detail) })
		}),
		Registry([]func() (string, bool){at("etcd-1"), at("etcd-2"), at("etcd-3")}, stack.RegistryRoot),
		Readiness(50*time.Millisecond, Check{Replica: victim, Ready: replica.Ready}),
		Edge(at(stack.EdgeStats), 100*time.Millisecond),
		Alerts(at(stack.Prometheus), 200*time.Millisecond),
	}
	for i := range 3 {
		name := fmt.Sprintf("gateway-%d", i+1)
		observers = append(observers, Gateway(name, at(name), 100*time.Millisecond))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	for _, o := range observers {
		go func() { ended <- o.Observe(ctx, seen.add) }()
	}
	classes := map[harness.Class]int{}
	go func() { ended <- traffic.Run(ctx, func(e harness.Event) { classes[e.Class]++ }) }()
	defer func() {
		cancel()
		for range len(observers) + 1 {
			if err := <-ended; err != nil {
				t.Errorf("ended with %v, want nil", err)
			}
		}
		t.Logf("requests by class: %v", classes)
		if classes[harness.OK] == 0 || classes[harness.WrongBody]+classes[harness.HTTP4xx] > 0 {
			t.Errorf("requests by class: %v; want answers, and none that the mix does not expect", classes)
		}
	}()

	// Observers and monitoring must have seen the victim well before it is not.
	scraped := probe.Prometheus("victim scraped since the start", at(stack.Prometheus),
		fmt.Sprintf("timestamp(up{replica=%q} == 1)", victim), probe.Above, float64(time.Now().UnixMilli())/1000)
	do(t, func(ctx context.Context) error { return until(ctx, scraped) })

	killedAt := time.Now()
	do(t, func(ctx context.Context) error { return replica.Kill(ctx, "KILL") })
	down := map[string]time.Time{
		"died":          seen.await(t, "containers", victim, harness.Died),
		"not ready":     seen.await(t, "readiness", victim, harness.NotReady),
		"ejected":       seen.await(t, "gateway-1", victim, harness.Ejected),
		"lease expired": seen.await(t, "registry", victim, harness.LeaseExpired),
		"removed":       seen.await(t, "gateway-1", victim, harness.Removed),
		"alert pending": seen.await(t, "prometheus", victim, harness.AlertPending),
		"alert firing":  seen.await(t, "prometheus", victim, harness.AlertFiring),
	}
	startedAt := time.Now()
	do(t, replica.Start)
	up := map[string]time.Time{
		"started":        seen.await(t, "containers", victim, harness.Started),
		"ready":          seen.await(t, "readiness", victim, harness.Ready),
		"registered":     seen.await(t, "registry", victim, harness.Registered),
		"added":          seen.await(t, "gateway-1", victim, harness.Added),
		"alert resolved": seen.await(t, "prometheus", victim, harness.AlertResolved),
	}
	for name, at := range down {
		t.Logf("%-15s %8v after the kill", name, at.Sub(killedAt).Round(time.Millisecond))
	}
	for name, at := range up {
		t.Logf("%-15s %8v after the start", name, at.Sub(startedAt).Round(time.Millisecond))
	}
	if down["ejected"].After(down["lease expired"]) {
		t.Error("the gateway noticed later than the registry")
	}

	gateway, _ := stack.Find(st, "gateway-3")
	killedAt = time.Now()
	do(t, func(ctx context.Context) error { return killed{gateway}.Kill(ctx, "KILL") })
	t.Logf("%-15s %8v after the kill", "lb-down", seen.await(t, "edge", "gateway-3", harness.LBDown).Sub(killedAt).Round(time.Millisecond))
	do(t, gateway.Start)
	seen.await(t, "edge", "gateway-3", harness.LBUp)
	// A gateway that was restarted is read from its new process' beginning.
	seen.await(t, "gateway-3", victim, harness.Added)
}

// TestRegistryAgainstZooKeeper is the same for the other registry: what
// programs do, while members are lost.
func TestRegistryAgainstZooKeeper(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{
		RunID: fmt.Sprintf("observe-zookeeper-%d", os.Getpid()), NoController: true,
		Choices: stack.Choices{Registry: stack.ZooKeeper, Components: []string{stack.Etcd}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Errorf("Down = %v", err)
		}
	})
	var members []func() (string, bool)
	var hosts []string
	for i := range 3 {
		name := fmt.Sprintf("zookeeper-%d", i+1)
		base, _ := st.URL(name)
		hosts = append(hosts, strings.TrimPrefix(base, "zookeeper://"))
		members = append(members, func() (string, bool) { return st.URL(name) })
	}
	seen, ctx := newGathering(), t.Context()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	before := announce(t, hosts, "catalog-0")
	go func() { ended <- ZooKeeper(members, stack.RegistryRoot, stack.FarewellRoot).Observe(ctx, seen.add) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Observe = %v, want nil", err)
		}
	}()
	one := announce(t, hosts, "catalog-1")
	for from := time.Now(); time.Since(from) < patience; one = announce(t, hosts, "catalog-1") {
		if _, watched := seen.within(2*time.Second, "registry", "catalog-1", harness.Registered); watched {
			break
		}
		one.leave() // it was there before the observation began, which is no signal
	}
	seen.await(t, "registry", "catalog-1", harness.Registered)
	one.leave()
	seen.await(t, "registry", "catalog-1", harness.Deregistered)
	two := announce(t, hosts, "catalog-2")
	seen.await(t, "registry", "catalog-2", harness.Registered)
	vanished := time.Now()
	two.vanish()
	expired := seen.await(t, "registry", "catalog-2", harness.LeaseExpired).Sub(vanished)
	t.Logf("a lease of %v ended %v after its program", leaseOfTest, expired.Round(time.Millisecond))
	if expired > leaseOfTest+time.Second {
		t.Errorf("a lease of %v ended %v after its program, want 1 s more at most", leaseOfTest, expired)
	}
	for i := range 3 {
		r, _ := stack.Find(st, fmt.Sprintf("zookeeper-%d", i+1))
		name := fmt.Sprintf("catalog-%d", 3+2*i)
		do(t, r.Pause)
		during := announce(t, hosts, name)
		seen.await(t, "registry", name, harness.Registered)
		do(t, r.Unpause)
		name = fmt.Sprintf("catalog-%d", 4+2*i)
		do(t, func(ctx context.Context) error { return killed{r}.Kill(ctx, "KILL") })
		after := announce(t, hosts, name)
		seen.await(t, "registry", name, harness.Registered)
		do(t, r.Start)
		do(t, func(ctx context.Context) error { return awaitReady(ctx, r) })
		during.leave()
		after.leave()
		seen.await(t, "registry", name, harness.Deregistered)
	}
	before.leave()
	seen.await(t, "registry", "catalog-0", harness.Deregistered)
}

// awaitReady returns once a replica is ready.
func awaitReady(ctx context.Context, r stack.Replica) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := r.Ready(ctx)
		if err == nil || !wait(ctx, 50*time.Millisecond) {
			return err
		}
	}
}

// leaseOfTest is the shortest lease that the platform uses.
const leaseOfTest = 2 * time.Second

// announced is an instance that a program has registered.
type announced struct{ leave, vanish func() }

func announce(t *testing.T, hosts []string, name string) announced {
	t.Helper()
	client, err := platform.Open("zookeeper://" + strings.Join(hosts, ","))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	made, ended := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		in := platform.Instance{Name: name, Service: "catalog", Node: "a", Address: "10.0.0.1:8080"}
		ended <- client.Register(ctx, in, leaseOfTest, func(err error) {
			if err == nil {
				once.Do(func() { close(made) })
			}
		})
	}()
	end := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = end(); client.Close() })
	select {
	case <-made:
	case <-time.After(patience):
		t.Fatalf("%s was not registered within %v", name, patience)
	}
	return announced{
		leave: func() {
			if err := end(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		},
		vanish: func() { client.Close() },
	}
}
