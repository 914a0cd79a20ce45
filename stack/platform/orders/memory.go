package orders

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Memory is a Store that ends with its process. It stands in for the database
// where there is none.
type Memory struct {
	flaws  []Flaw
	mu     sync.Mutex
	orders []Order // order i has ID i+1
	known  map[[2]string]accepted
	places int
}

// accepted is what is remembered of a draft.
type accepted struct {
	hash, answer []byte
	ids          []int64
}

var _ Store = (*Memory)(nil)

// NewMemory makes an empty store. One with flaws is known to be bad, and is for
// showing that this is noticed.
func NewMemory(flaws ...Flaw) *Memory {
	return &Memory{flaws: flaws, known: map[[2]string]accepted{}}
}

// Place implements Store.
func (m *Memory) Place(_ context.Context, d Draft) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.places++
	key, hash := [2]string{d.Client, d.Key}, d.hash()
	before, again := m.known[key]
	if again && !m.has(Repeats) {
		if !bytes.Equal(before.hash, hash) {
			return nil, false, ErrOtherDraft
		}
		return before.answer, true, nil
	}
	order := Order{ID: int64(len(m.orders)) + 1, Draft: d, Placed: time.Now().UTC()}
	answer, err := json.Marshal(order)
	if err != nil {
		return nil, false, err
	}
	if m.has(Forgets) && m.places%flawEvery == 0 {
		return answer, false, nil
	}
	m.orders = append(m.orders, order)
	m.known[key] = accepted{hash, answer, append(before.ids, order.ID)}
	if m.has(KeepsRefused) && m.places%flawEvery == 0 {
		return nil, false, ErrOtherDraft
	}
	return answer, false, nil
}

// has reports whether the store has a flaw.
func (m *Memory) has(f Flaw) bool { return slices.Contains(m.flaws, f) }

// Order implements Store.
func (m *Memory) Order(_ context.Context, id int64) (Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id < 1 || id > int64(len(m.orders)) {
		return Order{}, ErrNoOrder
	}
	return m.orders[id-1], nil
}

// After implements Store.
func (m *Memory) After(_ context.Context, client string, after int64, limit int) ([]Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Order
	for _, o := range m.orders[min(max(after, 0), int64(len(m.orders))):] {
		if len(found) == limit {
			break
		}
		if o.Client == client {
			found = append(found, o)
		}
	}
	return found, nil
}

// Keyed implements Store.
func (m *Memory) Keyed(_ context.Context, client, key string) ([]Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Order
	for _, id := range m.known[[2]string{client, key}].ids {
		found = append(found, m.orders[id-1])
	}
	return found, nil
}

// Ready implements Store.
func (m *Memory) Ready(context.Context) error { return nil }
