package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
)

// closeLimit is how long the client library waits for the answer to the end of
// a session.
const closeLimit = time.Second

// errEnded is what a session says that was ended.
var errEnded = errors.New("the session was ended")

// session is one session with the ensemble. When its connection is lost, the
// client library dials the members in turn until one takes the session up
// again; when the session was ended meanwhile, it begins another one. All
// methods may be called concurrently.
type session struct {
	conn   *zk.Conn
	events <-chan zk.Event
	hosts  []string

	mu sync.Mutex
	// changed is closed and replaced when the connection changes.
	changed chan struct{}
	// tcp is the latest connection, dialled when it was begun.
	tcp     net.Conn
	dialled time.Time
	next    int
	ended   bool
}

func openSession(hosts []string, ttl time.Duration) (*session, error) {
	s := &session{hosts: hosts, changed: make(chan struct{}), next: int(time.Now().UnixNano() % int64(len(hosts)))}
	conn, events, err := zk.Connect(hosts, ttl,
		zk.WithHostProvider(s),
		zk.WithDialer(s.dial),
		zk.WithLogger(silent{}), // every error is returned, and the caller logs it
		zk.WithLogInfo(false),
		zk.WithMaxConnBufferSize(64<<10),
		zk.WithMaxBufferSize(1<<20),
		zk.WithEventCallback(func(zk.Event) { s.wake() }),
	)
	if err != nil {
		return nil, fmt.Errorf("begin a session: %w", err)
	}
	s.conn, s.events = conn, events
	return s, nil
}

// silent is a logger that says nothing.
type silent struct{}

func (silent) Printf(string, ...any) {}

// Init, Len, Next and Connected tell the client library whom to dial. Names are
// looked up at every dial: a member that was made anew has another address.
func (s *session) Init([]string) error { return nil }

// Len is how many members there are.
func (s *session) Len() int { return len(s.hosts) }

// Next is the next member; retry makes the library look whether it was closed.
func (s *session) Next() (host string, retry bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = (s.next + 1) % len(s.hosts)
	return s.hosts[s.next], s.ended
}

// Connected is called when a member took the session up.
func (s *session) Connected() {}

// dial connects to a member, not sooner than pause after the latest time.
func (s *session) dial(network, address string, limit time.Duration) (net.Conn, error) {
	s.mu.Lock()
	due := pause - time.Since(s.dialled)
	s.mu.Unlock()
	if due > 0 {
		timer := time.NewTimer(due)
		<-timer.C
	}
	s.mu.Lock()
	ended := s.ended
	s.dialled = time.Now()
	s.mu.Unlock()
	if ended {
		return nil, errEnded
	}
	conn, err := net.DialTimeout(network, address, limit)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		conn.Close()
		return nil, errEnded
	}
	if s.tcp != nil { // the library forgets that of a session that has expired
		s.tcp.Close()
	}
	s.tcp = conn
	return conn, nil
}

// wake tells whoever waits that the connection may have changed.
func (s *session) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// try does one exchange within zkTryLimit, once a member has the session. A
// member that does not answer in time loses it to the next one.
func (s *session) try(ctx context.Context, do func(*zk.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, zkTryLimit)
	defer cancel()
	if err := s.await(ctx); err != nil {
		s.drop(ctx)
		return fmt.Errorf("reach any of %q: %w", s.hosts, err)
	}
	done := make(chan error, 1)
	go func() { done <- do(s.conn) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		s.drop(ctx)
		return ctx.Err()
	}
}

// await returns nil once a member has the session.
func (s *session) await(ctx context.Context) error {
	for {
		s.mu.Lock()
		changed, ended := s.changed, s.ended
		s.mu.Unlock()
		switch {
		case ended:
			return errEnded
		case s.conn.State() == zk.StateHasSession:
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// drop closes the connection to a member that was not in time; not when it was
// the caller who had no time.
func (s *session) drop(ctx context.Context) {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tcp != nil {
		s.tcp.Close()
	}
}

// end ends the session, and with it what hangs on it, and returns when nothing
// of it is left here. It reports whether a member has answered that; else the
// session ends by itself.
func (s *session) end() bool {
	reached := s.conn.State() == zk.StateHasSession
	began := time.Now()
	s.stop()
	s.conn.Close()
	answered := reached && time.Since(began) < closeLimit
	s.hangUp()
	return answered
}

// abandon closes the connection without a word: the session ends by itself.
func (s *session) abandon() {
	s.stop()
	s.hangUp()
}

// stop makes all further dials fail.
func (s *session) stop() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.wake()
}

// hangUp closes the connection and returns when the library has let go.
func (s *session) hangUp() {
	s.mu.Lock()
	tcp := s.tcp
	s.mu.Unlock()
	if tcp != nil {
		tcp.Close()
	}
	s.conn.Close()
	for range s.events { // closed by the library's last goroutine
	}
}
