package observe

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/fournines/fournines/harness"
)

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// etcdReplica is what the test does to a member of the cluster.
type etcdReplica interface {
	Kill(ctx context.Context, signal string) error
	Start(ctx context.Context) error
	Pause(ctx context.Context) error
	Unpause(ctx context.Context) error
}

type etcdMember struct {
	etcdReplica
	url func() (string, bool)
}

// writer is a client of one or more members for the test's own changes.
func writer(t *testing.T, members ...etcdMember) *clientv3.Client {
	t.Helper()
	var endpoints []string
	for _, m := range members {
		url, _ := m.url()
		endpoints = append(endpoints, url)
	}
	c, err := clientv3.New(clientv3.Config{Endpoints: endpoints, Logger: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// watched is a running Registry observer and what it emitted.
type watched struct {
	t       *testing.T
	prefix  string
	signals chan harness.Signal
}

// watch starts an observer of members and returns once it is seen to work; it
// is stopped when the test ends.
func watch(t *testing.T, via *clientv3.Client, members ...etcdMember) watched {
	t.Helper()
	w := watched{t: t, prefix: "/" + t.Name() + "/", signals: make(chan harness.Signal, 100)}
	var urls []func() (string, bool)
	for _, m := range members {
		urls = append(urls, m.url)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Registry(urls, w.prefix).Observe(ctx, func(s harness.Signal) { w.signals <- s }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Observe = %v, want nil", err)
		}
	})
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for i := range int(patience / (50 * time.Millisecond)) {
		w.put(via, fmt.Sprintf("hello-%d", i), 0)
		select {
		case s := <-w.signals:
			for s.Subject != fmt.Sprintf("hello-%d", i) { // the rest of the greetings
				s = w.next()
			}
			return w
		case <-tick.C:
		}
	}
	t.Fatal("the observer does not see anything")
	return w
}

// etcd does one thing with the cluster, again and again while it has no leader.
func (w watched) etcd(what string, try func(context.Context) error) {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
		err := try(ctx)
		cancel()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s: %v", what, err)
		}
	}
}

func (w watched) put(via *clientv3.Client, name string, lease clientv3.LeaseID) {
	w.t.Helper()
	value := fmt.Sprintf(`{"name":%q,"service":"catalog","node":"b","address":"10.0.0.1:8080"}`, name)
	w.etcd("put "+name, func(ctx context.Context) error {
		_, err := via.Put(ctx, w.prefix+name, value, clientv3.WithLease(lease))
		return err
	})
}

func (w watched) delete(via *clientv3.Client, name string) {
	w.t.Helper()
	w.etcd("delete "+name, func(ctx context.Context) error {
		_, err := via.Delete(ctx, w.prefix+name)
		return err
	})
}

func (w watched) grant(via *clientv3.Client, seconds int64) (id clientv3.LeaseID) {
	w.t.Helper()
	w.etcd("grant lease", func(ctx context.Context) error {
		resp, err := via.Grant(ctx, seconds)
		if err == nil {
			id = resp.ID
		}
		return err
	})
	return id
}

// compact forgets the history of the cluster.
func (w watched) compact(via *clientv3.Client) {
	w.t.Helper()
	w.etcd("compact", func(ctx context.Context) error {
		now, err := via.Get(ctx, w.prefix)
		if err != nil {
			return err
		}
		_, err = via.Compact(ctx, now.Header.Revision)
		return err
	})
}

func (w watched) next() harness.Signal {
	w.t.Helper()
	select {
	case s := <-w.signals:
		return s
	case <-time.After(patience):
		w.t.Fatal("no signal came")
		return harness.Signal{}
	}
}

// want takes the next signal and compares it. Silence is passed over: while the
// only member that is watched is down, or the machine stands still, there is.
func (w watched) want(subject string, kind harness.Kind, detail string) harness.Signal {
	w.t.Helper()
	s := w.next()
	for s.Kind == harness.Silent {
		s = w.next()
	}
	if s.Subject != subject || s.Kind != kind || !strings.Contains(s.Detail, detail) || s.Source != "registry" {
		w.t.Fatalf("signal %+v, want %s %s with a detail like %q from registry", s, subject, kind, detail)
	}
	if ago := time.Since(s.Time); ago < 0 || ago > patience {
		w.t.Errorf("signal is dated %v ago", ago)
	}
	return s
}

// do fails the test when something that is done to the cluster does not work.
func do(t *testing.T, what func(context.Context) error) {
	t.Helper()
	if err := what(t.Context()); err != nil {
		t.Fatal(err)
	}
}
