package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// TransitionsPath is where the admin port serves the transitions.
const TransitionsPath = "/-/transitions"

// kept is how many transitions are kept.
const kept = 1024

// Transition is a change of what the gateway thinks of an endpoint.
type Transition struct {
	// Seq counts from 1 without gaps since the process started.
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"`
	// Kind is "ejected" or "readmitted" (because of the endpoint's answers),
	// or "removed" or "added" (because the registry said so).
	Kind     string `json:"kind"`
	Service  string `json:"service"`
	Endpoint string `json:"endpoint"`
	// Detail is for people.
	Detail string `json:"detail"`
}

// Transitions keeps the last transitions. All methods may be called
// concurrently.
type Transitions struct {
	started time.Time

	mu   sync.Mutex
	last uint64
	ring []Transition // oldest first
}

// NewTransitions keeps none yet.
func NewTransitions() *Transitions { return &Transitions{started: time.Now()} }

// Add numbers and keeps a transition.
func (t *Transitions) Add(kind, service, endpoint, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	if len(t.ring) == kept {
		t.ring = append(t.ring[:0:0], t.ring[1:]...)
	}
	t.ring = append(t.ring, Transition{t.last, time.Now(), kind, service, endpoint, detail})
}

// after returns the transitions with a larger number than seq; never nil.
func (t *Transitions) after(seq uint64) []Transition {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, tr := range t.ring {
		if tr.Seq > seq {
			return append([]Transition{}, t.ring[i:]...)
		}
	}
	return []Transition{}
}

// ServeHTTP answers GET ?after=N. A reader that sees another "started" than
// before talks to another process and has to begin at 0 again.
func (t *Transitions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	}{t.started, t.after(seq)})
}
