package registry

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

const (
	// zkTryLimit bounds one exchange with one member: a member that hangs costs
	// no more than this before the next one is asked. It is longer than that of
	// etcd, because a member stops for a moment when it collects garbage.
	zkTryLimit = 500 * time.Millisecond
	// watchSession is the session of a watch: nothing hangs on it, and a new
	// one costs nothing but a list.
	watchSession = 4 * time.Second
)

// ZooKeeper is a registry kept by a ZooKeeper ensemble.
//
// An announcement is an ephemeral node of a session of its own, and the
// session's timeout is the lease. Every watch has a session of its own, too.
// All methods may be called concurrently.
type ZooKeeper struct {
	hosts []string
	// root goes before every path: "" or "/some/where".
	root string

	mu       sync.Mutex
	closed   bool
	sessions map[*session]bool
}

var _ Remote = (*ZooKeeper)(nil)

// OpenZooKeeper makes a way to the registry at url,
// "zookeeper://host:port,host:port,…", after which "/some/where" may say below
// which node everything is kept. Nothing is connected until it is used.
func OpenZooKeeper(url string) (*ZooKeeper, error) {
	rest, ok := strings.CutPrefix(url, zookeeperScheme)
	if !ok {
		return nil, fmt.Errorf("open registry %q: want %shost:port,host:port,…", url, zookeeperScheme)
	}
	hosts, root := rest, ""
	if at := strings.IndexByte(rest, '/'); at >= 0 {
		hosts, root = rest[:at], rest[at:]
		if path.Clean(root) != root || root == "/" {
			return nil, fmt.Errorf("open registry %q: root %q is not /some/where", url, root)
		}
	}
	members, err := membersOf(url, hosts)
	if err != nil {
		return nil, err
	}
	return &ZooKeeper{hosts: members, root: root, sessions: map[*session]bool{}}, nil
}

// Close is described at Remote.
func (z *ZooKeeper) Close() error {
	z.mu.Lock()
	z.closed = true
	all := z.sessions
	z.sessions = nil
	z.mu.Unlock()
	for s := range all {
		s.abandon()
	}
	return nil
}

// open begins a session that ends by itself when nobody speaks for it for ttl.
func (z *ZooKeeper) open(ttl time.Duration) (*session, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.closed {
		return nil, errors.New("the registry's client is closed")
	}
	s, err := openSession(z.hosts, ttl)
	if err == nil {
		z.sessions[s] = true
	}
	return s, err
}

// end ends a session and what hangs on it; it reports whether a member said so.
func (z *ZooKeeper) end(s *session) bool {
	z.mu.Lock()
	delete(z.sessions, s)
	z.mu.Unlock()
	return s.end()
}

// Agree makes a majority of the members agree on a write that changes nothing:
// the removal of a node that never exists, in a session of its own. Reaching
// one member is not enough for it.
func (z *ZooKeeper) Agree(ctx context.Context) error {
	s, err := z.open(watchSession)
	if err != nil {
		return err
	}
	defer z.end(s)
	err = s.try(ctx, func(c *zk.Conn) error { return c.Delete(z.root+"/nothing", -1) })
	if errors.Is(err, zk.ErrNoNode) {
		return nil
	}
	if err == nil {
		err = errors.New("the node that never exists was there")
	}
	return fmt.Errorf("write to any of %q: %w", z.hosts, err)
}

// ensure makes a node and those above it, none of which goes with a session.
func ensure(c *zk.Conn, node string) error {
	for at := 1; at <= len(node); at++ {
		if at < len(node) && node[at] != '/' {
			continue
		}
		_, err := c.Create(node[:at], nil, 0, zk.WorldACL(zk.PermAll))
		if err != nil && !errors.Is(err, zk.ErrNodeExists) {
			return fmt.Errorf("make %q: %w", node[:at], err)
		}
	}
	return nil
}
