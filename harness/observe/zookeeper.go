package observe

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// ZooKeeper is Registry for a ZooKeeper ensemble: it watches the nodes two below
// services, and reads below farewells which session took a node back before it
// ended. Of a node that is gone without such a farewell the session has expired.
//
// One member is asked at a time. When it is lost or hangs, the next one is, and
// what is found to have changed then has a Resolution that reaches back to the
// latest whole answer. A node that came and went between two answers is not
// seen. Nothing is written.
func ZooKeeper(members []func() (string, bool), services, farewells string) harness.Observer {
	return &zookeeper{members: members, services: path.Clean(services), farewells: path.Clean(farewells)}
}

type zookeeper struct {
	members             []func() (string, bool)
	services, farewells string
}

func (z *zookeeper) String() string { return registrySource }

// znode is what is known of one registration.
type znode struct {
	// session is the one that it goes with; 0 for none. made is the
	// transaction that made it: of one made anew it is another.
	session, made int64
	value         string
}

// nodes are registrations by their path.
type nodes map[string]znode

// turn is one change between two readings.
type turn struct {
	path string
	gone bool
	znode
}

// Observe implements harness.Observer.
func (z *zookeeper) Observe(ctx context.Context, emit func(harness.Signal)) error {
	client, err := dialZooKeeper(z.members, 0)
	if err != nil {
		return fmt.Errorf("observe registry: %w", err)
	}
	defer func() { client.close() }()
	client, known, err := z.begin(ctx, client)
	if err != nil {
		return fmt.Errorf("observe registry: %w", err)
	}
	if ctx.Err() != nil {
		return nil
	}
	whole := time.Now()
	silence, tick := quietly(registrySource, emit), time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		told := false
		select {
		case <-ctx.Done():
			silence.until(time.Now())
			return nil
		case <-client.told:
			told = true
		case <-tick.C:
		}
		at := time.Now()
		if client, err = client.again(); err != nil {
			return fmt.Errorf("observe registry: %w", err)
		}
		unbroken := !client.broken.Swap(false)
		now, err := client.read(ctx, z.services)
		if err != nil {
			client.broken.Store(true)
			continue
		}
		resolution := at.Sub(whole)
		if told && unbroken {
			resolution = watchResolution
		}
		for _, t := range known.turns(now) {
			if s := z.signal(ctx, client, t, at, resolution); ctx.Err() == nil {
				emit(s)
			}
		}
		known, whole = now, at
		silence.heard(at)
	}
}

// begin reads what is registered before anything is a signal. The client that it
// returns is the one to go on with.
func (z *zookeeper) begin(ctx context.Context, client *zkClient) (_ *zkClient, now nodes, err error) {
	asking, stop := context.WithCancel(ctx)
	defer stop()
	err = poll(asking, memberPause, func(ctx context.Context) error {
		next, err := client.again()
		if err != nil {
			return err
		}
		client = next
		if now, err = client.read(ctx, z.services); err == nil {
			stop()
		}
		return err
	})
	return client, now, err
}

// turns are the changes that lead to a later reading, by path.
func (n nodes) turns(to nodes) (all []turn) {
	for at, was := range n {
		if _, still := to[at]; !still {
			all = append(all, turn{at, true, was})
		}
	}
	for at, is := range to {
		if was, known := n[at]; !known || was.made != is.made {
			all = append(all, turn{at, false, is})
		}
	}
	slices.SortFunc(all, func(a, b turn) int { return strings.Compare(a.path, b.path) })
	return all
}

// signal says of one change what it was.
func (z *zookeeper) signal(ctx context.Context, client *zkClient, t turn, at time.Time, resolution time.Duration) harness.Signal {
	s := harness.Signal{
		Time: at, Resolution: resolution, Source: registrySource,
		Subject: subject(t.path), Kind: harness.Registered, Detail: describe(t.value),
	}
	if t.gone {
		said, err := client.get(ctx, z.farewells+strings.TrimPrefix(t.path, z.services))
		kind, why := departure(t.session, said, err)
		s.Kind, s.Detail = kind, s.Detail+": "+why
	}
	return s
}

// departure says why a node that went with session is gone; said is the latest
// farewell of its instance.
func departure(session int64, said string, err error) (harness.Kind, string) {
	switch {
	case session == 0:
		return harness.Deregistered, "the node was deleted; it went with no session"
	case err != nil && !errors.Is(err, errNoNode):
		return harness.LeaseExpired, "whether its session said farewell could not be asked: " + err.Error()
	case err == nil && said == fmt.Sprintf("%x", session):
		return harness.Deregistered, "its session said farewell"
	}
	return harness.LeaseExpired, "its session ended without a farewell"
}
