package registry

import "math"

// What can be done to a Memory from outside its programs.

// Find returns the instance that is announced under key and its lease; false
// when there is none.
func (m *Memory) Find(key string) (in Instance, lease uint64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.leases[key]
	if l == nil {
		return Instance{}, 0, false
	}
	return l.in, l.id, true
}

// Revoke ends a lease as if nobody had kept it alive; nothing happens when the
// key is not announced under it.
func (m *Memory) Revoke(key string, lease uint64) {
	m.mu.Lock()
	l := m.leases[key]
	if l != nil && l.id == lease {
		l.timer.Stop()
	}
	m.mu.Unlock()
	m.expire(key, lease)
}

// Announce announces an instance for good.
func (m *Memory) Announce(in Instance) error {
	if err := in.check(); err != nil {
		return err
	}
	_, err := m.put(in, math.MaxInt64)
	return err
}

// Withdraw takes exactly that instance's announcement back; nothing happens
// when there is none.
func (m *Memory) Withdraw(in Instance) error {
	found, lease, ok := m.Find(in.Key())
	if !ok || found != in {
		return nil
	}
	return m.drop(in.Key(), lease)
}
