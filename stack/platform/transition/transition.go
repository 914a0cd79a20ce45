// Package transition is how a part of the platform tells what it did itself:
// a list of its last transitions, numbered, over HTTP.
package transition

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Path is where a part's admin port serves its List.
const Path = "/-/transitions"

// kept is how many transitions are kept.
const kept = 1024

// Transition is a change that a part noticed or made.
type Transition struct {
	// Seq counts from 1 without gaps since the process started.
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"`
	Kind string    `json:"kind"`
	// Service is the component that Subject belongs to, where that is said.
	Service string `json:"service,omitempty"`
	// Subject is what the change happened to.
	Subject string `json:"subject"`
	// Detail is for people.
	Detail string `json:"detail"`
}

// List keeps the last transitions. All methods may be called concurrently.
type List struct {
	started time.Time

	mu   sync.Mutex
	last uint64
	ring []Transition // oldest first
}

// New keeps none yet.
func New() *List { return &List{started: time.Now()} }

// Add numbers and keeps a transition; one without a time happens now.
func (l *List) Add(t Transition) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	t.Seq = l.last
	if t.Time.IsZero() {
		t.Time = time.Now()
	}
	if len(l.ring) == kept {
		l.ring = append(l.ring[:0:0], l.ring[1:]...)
	}
	l.ring = append(l.ring, t)
}

// After returns the transitions with a larger number than seq; never nil.
func (l *List) After(seq uint64) []Transition {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, t := range l.ring {
		if t.Seq > seq {
			return append([]Transition{}, l.ring[i:]...)
		}
	}
	return []Transition{}
}

// ServeHTTP answers GET ?after=N. A reader that sees another "started" than
// before talks to another process and has to begin at 0 again.
func (l *List) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var seq uint64
	if text := r.URL.Query().Get("after"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			http.Error(w, fmt.Sprintf("after is %q, want a number from 0", text), http.StatusBadRequest)
			return
		}
		seq = n
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct {
		Started     time.Time    `json:"started"`
		Transitions []Transition `json:"transitions"`
	}{l.started, l.After(seq)})
}
