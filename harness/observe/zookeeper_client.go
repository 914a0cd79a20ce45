package observe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zookeeper/zk"
)

// zkSession is the observation's own session: nothing hangs on it.
const zkSession = 4 * time.Second

// errNoNode means that there is no such node.
var errNoNode = zk.ErrNoNode

// zkClient reads from one member of an ensemble at a time. Only read and get
// are called from outside, and not concurrently.
type zkClient struct {
	members []func() (string, bool)
	conn    *zk.Conn
	events  <-chan zk.Event
	// told gets something after every change of what is watched.
	told chan struct{}
	// broken is true once the connection was lost; whoever reads sets it back.
	broken atomic.Bool
	// watches are the outstanding ones: each ends with one event.
	watches map[string]<-chan zk.Event

	mu     sync.Mutex
	next   int
	tcp    net.Conn
	closed bool
}

// dialZooKeeper begins a session with the member after one of that number, or
// with the next that there is. It does not wait for a connection.
func dialZooKeeper(members []func() (string, bool), after int) (*zkClient, error) {
	c := &zkClient{members: members, told: make(chan struct{}, 1), watches: map[string]<-chan zk.Event{}, next: after}
	if len(members) == 0 {
		return nil, errNowhere
	}
	var err error
	c.conn, c.events, err = zk.Connect(make([]string, len(members)), zkSession,
		zk.WithHostProvider(c),
		zk.WithDialer(c.dial),
		zk.WithLogger(mute{}), // the library would report every retry on stderr
		zk.WithLogInfo(false),
		zk.WithMaxConnBufferSize(64<<10),
		zk.WithMaxBufferSize(1<<20),
		zk.WithEventCallback(c.hear),
	)
	return c, err
}

type mute struct{}

func (mute) Printf(string, ...any) {}

// Init, Len, Next and Connected tell the library whom to dial: members by their
// number, because their addresses are asked for at every dial.
func (c *zkClient) Init([]string) error { return nil }

// Len is how many members there are.
func (c *zkClient) Len() int { return len(c.members) }

// Next is the next member; retry makes the library look whether it was closed.
func (c *zkClient) Next() (member string, retry bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = (c.next + 1) % len(c.members)
	return fmt.Sprint(c.next), c.closed
}

// Connected is called when a member took the session up.
func (c *zkClient) Connected() {}

// dial connects to a member, after the pause that a lost one is given.
func (c *zkClient) dial(_, member string, limit time.Duration) (net.Conn, error) {
	var number int
	if _, err := fmt.Sscan(member, &number); err != nil {
		return nil, err
	}
	url, ok := c.members[number]()
	_, address, named := strings.Cut(url, "://")
	timer := time.NewTimer(memberPause)
	<-timer.C
	if !ok || !named {
		return nil, errNowhere
	}
	conn, err := net.DialTimeout("tcp", address, limit)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tcp != nil {
		c.tcp.Close()
	}
	if c.closed {
		conn.Close()
		return nil, net.ErrClosed
	}
	c.tcp = conn
	return conn, nil
}

// hear is called by the library and must not block.
func (c *zkClient) hear(e zk.Event) {
	if e.Type == zk.EventSession {
		if e.State == zk.StateDisconnected {
			c.broken.Store(true)
		}
		return
	}
	select {
	case c.told <- struct{}{}:
	default:
	}
}

// again is the client, or another one with the next member when it has ended.
func (c *zkClient) again() (*zkClient, error) {
	c.mu.Lock()
	closed, last := c.closed, c.next
	c.mu.Unlock()
	if !closed {
		return c, nil
	}
	anew, err := dialZooKeeper(c.members, last)
	if err == nil {
		anew.broken.Store(true)
	}
	return anew, err
}

// close ends the session and returns when nothing of it is left.
func (c *zkClient) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.conn.Close()
	c.hangUp()
	for range c.events { // closed by the library's last goroutine
	}
}

// hangUp closes the connection: the session goes on to the next member.
func (c *zkClient) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tcp != nil {
		c.tcp.Close()
	}
}

// ask does one exchange within askTimeout. A member that is not in time ends the
// client: there is another one to be made.
func (c *zkClient) ask(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	for c.conn.State() != zk.StateHasSession {
		if !wait(ctx, pollConnection) {
			c.hangUp()
			return fmt.Errorf("no member has the session: %w", ctx.Err())
		}
	}
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	c.close() // ends what is under way, wherever it hangs
	return errors.Join(ctx.Err(), <-done)
}

// pollConnection is how often a connection is looked at that is being made.
const pollConnection = 10 * time.Millisecond

// read returns all nodes two below root, as the leader has them by then, and
// watches for changes of which there are.
func (c *zkClient) read(ctx context.Context, root string) (nodes, error) {
	all := nodes{}
	err := c.ask(ctx, func() error {
		if _, err := c.conn.Sync(root); err != nil {
			return err
		}
		services, err := c.children(root)
		if err != nil {
			return err
		}
		for _, service := range services {
			names, err := c.children(root + "/" + service)
			if err != nil {
				return err
			}
			for _, name := range names {
				at := root + "/" + service + "/" + name
				value, stat, err := c.conn.Get(at)
				switch {
				case errors.Is(err, zk.ErrNoNode): // gone since; the watch tells of it
				case err != nil:
					return err
				default:
					all[at] = znode{session: stat.EphemeralOwner, made: stat.Czxid, value: string(value)}
				}
			}
		}
		return nil
	})
	return all, err
}

// children lists a node's children; none of one that does not exist. A watch is
// begun unless there is one.
func (c *zkClient) children(at string) (names []string, err error) {
	select {
	case <-c.watches[at]: // never without one
		delete(c.watches, at)
	default:
	}
	if c.watches[at] != nil {
		names, _, err = c.conn.Children(at)
	} else {
		var watch <-chan zk.Event
		if names, _, watch, err = c.conn.ChildrenW(at); err == nil {
			c.watches[at] = watch
		}
	}
	if errors.Is(err, zk.ErrNoNode) {
		return nil, nil
	}
	return names, err
}

// get returns what a node holds.
func (c *zkClient) get(ctx context.Context, at string) (value string, err error) {
	err = c.ask(ctx, func() error {
		raw, _, err := c.conn.Get(at)
		value = string(raw)
		return err
	})
	return value, err
}
