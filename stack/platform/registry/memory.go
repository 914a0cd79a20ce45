package registry

import (
	"errors"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/feed"
)

// errAway is what clients of a Memory see while it is away.
var errAway = errors.New("registry is away")

// errNoLease is what a keep-alive answers when the lease has ended.
var errNoLease = errors.New("lease has ended")

// Memory is a registry inside one process. Its programs talk to it through
// Clients. All methods may be called concurrently.
type Memory struct {
	changes feed.Feed[Change]

	mu      sync.Mutex
	leases  map[string]*lease // by key
	lastID  uint64
	away    bool
	changed chan struct{} // closed and replaced after every change
}

// lease is one announcement and when it ends.
type lease struct {
	id    uint64
	in    Instance
	ttl   time.Duration
	timer *time.Timer
}

// Change is what happened to one instance's announcement.
type Change struct {
	Time time.Time
	// Kind is "registered", "lease-expired" or "deregistered".
	Kind     string
	Instance Instance
}

// NewMemory is an empty registry.
func NewMemory() *Memory {
	return &Memory{leases: make(map[string]*lease), changed: make(chan struct{})}
}

// Changes is the stream of everything that happens to announcements.
func (m *Memory) Changes() *feed.Feed[Change] { return &m.changes }

// SetAway makes every exchange with the registry fail, or work again. Leases
// do not end while the registry is away, and begin anew when it is back, as
// those of an etcd that lost and regained its quorum.
func (m *Memory) SetAway(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away == away {
		return
	}
	m.away = away
	for _, l := range m.leases {
		if away {
			l.timer.Stop()
		} else {
			l.timer.Reset(l.ttl)
		}
	}
	m.notify()
}

// Close ends all leases without a trace. Clients must have stopped.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, l := range m.leases {
		l.timer.Stop()
		delete(m.leases, key)
	}
}

// put announces in under a new lease and returns the lease's ID.
func (m *Memory) put(in Instance, ttl time.Duration) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return 0, errAway
	}
	key := in.Key()
	if old := m.leases[key]; old != nil {
		old.timer.Stop()
	}
	m.lastID++
	id := m.lastID
	m.leases[key] = &lease{id: id, in: in, ttl: ttl, timer: time.AfterFunc(ttl, func() { m.expire(key, id) })}
	m.publish("registered", in)
	return id, nil
}

// keep renews a lease.
func (m *Memory) keep(key string, id uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return errAway
	}
	l := m.leases[key]
	if l == nil || l.id != id {
		return errNoLease
	}
	l.timer.Reset(l.ttl)
	return nil
}

// drop takes an announcement back if it is still that of the lease.
func (m *Memory) drop(key string, id uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return errAway
	}
	if l := m.leases[key]; l != nil && l.id == id {
		l.timer.Stop()
		delete(m.leases, key)
		m.publish("deregistered", l.in)
	}
	return nil
}

// expire ends a lease that nobody renewed.
func (m *Memory) expire(key string, id uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.leases[key]; l != nil && l.id == id && !m.away {
		delete(m.leases, key)
		m.publish("lease-expired", l.in)
	}
}

// list returns the instances of a service and a channel that is closed at the
// next change of anything.
func (m *Memory) list(service string) ([]Instance, <-chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return nil, m.changed, errAway
	}
	all := []Instance{}
	for _, l := range m.leases {
		if l.in.Service == service {
			all = append(all, l.in)
		}
	}
	return sorted(all), m.changed, nil
}

// publish tells everybody of a change; m.mu is held.
func (m *Memory) publish(kind string, in Instance) {
	m.changes.Publish(Change{Time: time.Now(), Kind: kind, Instance: in})
	m.notify()
}

// notify wakes the watches; m.mu is held.
func (m *Memory) notify() {
	close(m.changed)
	m.changed = make(chan struct{})
}
