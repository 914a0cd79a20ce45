package observe

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

const (
	// pingEvery is how often a member is asked whether it is still there, and
	// pingsLost how many unanswered ones in a row mean that it is not.
	pingEvery = 500 * time.Millisecond
	pingsLost = 2
)

// member is one etcd server. Each is watched through a client of its own that
// knows no other endpoint, so that a hanging member holds up nobody else.
type member struct {
	where   func() (string, bool)
	prefix  string
	applied *atomic.Int64
	// client is the current one, for questions about leases; nil while there
	// is none.
	client atomic.Pointer[clientv3.Client]
	// whole is until when (Unix ns) this member's reports are known to be
	// without gaps.
	whole atomic.Int64
}

// dial makes a client of the member. It does not wait for a connection.
func (m *member) dial(ctx context.Context) (*clientv3.Client, error) {
	url, ok := m.where()
	if !ok {
		return nil, errNowhere
	}
	return clientv3.New(clientv3.Config{
		Context:     ctx,
		Endpoints:   []string{url},
		DialTimeout: askTimeout,
		Logger:      zap.NewNop(), // the client would report every retry on stderr
	})
}

// listOnce lists the keys through a client of its own.
func (m *member) listOnce(ctx context.Context) (listing, error) {
	client, err := m.dial(ctx)
	if err != nil {
		return listing{}, err
	}
	defer client.Close()
	return m.list(ctx, client)
}

// list returns all keys as the cluster's majority has them.
func (m *member) list(ctx context.Context, client *clientv3.Client) (listing, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	resp, err := client.Get(ctx, m.prefix, clientv3.WithPrefix())
	if err != nil {
		return listing{}, err
	}
	l := listing{rev: resp.Header.Revision, entries: map[string]entry{}}
	for _, kv := range resp.Kvs {
		l.entries[string(kv.Key)] = entry{lease: kv.Lease, value: string(kv.Value)}
	}
	return l, nil
}

// follow reports the member's view into feed until ctx is done.
func (m *member) follow(ctx context.Context, feed chan<- batch) {
	m.whole.Store(time.Now().UnixNano())
	for {
		m.session(ctx, feed)
		if !wait(ctx, memberPause) {
			return
		}
	}
}

// session follows the member until it is lost. Why it was lost does not
// matter: the next session resumes from where the observation is by then.
func (m *member) session(ctx context.Context, feed chan<- batch) {
	ctx, lose := context.WithCancel(ctx)
	client, err := m.dial(ctx)
	if err != nil {
		lose()
		return
	}
	var guards sync.WaitGroup
	defer func() {
		lose()
		m.client.Store(nil)
		client.Close()
		guards.Wait()
	}()
	m.client.Store(client)
	watching := make(chan struct{})
	for _, guard := range []func(context.Context, *clientv3.Client, <-chan struct{}){m.ping, m.hold} {
		guards.Go(func() {
			defer lose()
			guard(ctx, client, watching)
		})
	}
	m.watch(ctx, client, watching, feed)
}

// ping returns when the member does not answer any more. While it is being
// watched, every answer says that its reports are whole.
func (m *member) ping(ctx context.Context, client *clientv3.Client, watching <-chan struct{}) {
	for lost := 0; lost < pingsLost; {
		began := time.Now()
		if err := m.pingOnce(ctx, client); err != nil {
			lost++
		} else {
			lost = 0
			select {
			case <-watching:
				m.whole.Store(began.UnixNano())
			default:
			}
		}
		if !wait(ctx, pingEvery) {
			return
		}
	}
}

// hold returns when the connection is lost that the watch began on. The client
// would open another one and go on by itself, and what it then catches up on
// would look like news.
func (m *member) hold(ctx context.Context, client *clientv3.Client, watching <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-watching:
		conn := client.ActiveConnection()
		if state := conn.GetState(); state.String() == "READY" {
			conn.WaitForStateChange(ctx, state)
		}
	}
}

// pingOnce asks the member for something that it answers by itself, without
// the rest of the cluster.
func (m *member) pingOnce(ctx context.Context, client *clientv3.Client) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	_, err := client.Get(ctx, m.prefix, clientv3.WithPrefix(), clientv3.WithCountOnly(), clientv3.WithSerializable())
	return err
}
