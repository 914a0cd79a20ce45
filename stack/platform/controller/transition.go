package controller

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// TransitionsPath is where the transitions are served.
const TransitionsPath = "/-/transitions"

// Kinds of transitions; their subject is the replica or node that they name.
const (
	// NoticedKind: the subject ended, hangs or is lost.
	NoticedKind = "noticed"
	// RestartedKind, PlacedKind, RemovedKind: the controller has begun to
	// start, to make or to remove the subject.
	RestartedKind = "restarted"
	PlacedKind    = "placed"
	RemovedKind   = "scaled-in"
	// HealedKind: the subject, which was bad, is ready again.
	HealedKind = "healed"
	// ReplacedKind: another replica is ready in the subject's place.
	ReplacedKind = "replaced"
	// BackOffKind: the subject keeps ending and is started later.
	BackOffKind = "back-off"
	// FailedKind: something could not be done about the subject.
	FailedKind = "failed"
	// ScaledKind: the number of replicas that the subject, a component, should
	// have was changed because of its load.
	ScaledKind = "scaled"
)

// kept is how many transitions are kept.
const kept = 1024

// Transition is something that the controller noticed or decided.
type Transition struct {
	// Seq counts from 1 without gaps since the process started.
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"time"`
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
}

// transitions keeps the last transitions. All methods may be called
// concurrently.
type transitions struct {
	started time.Time

	mu   sync.Mutex
	last uint64
	ring []Transition // oldest first
}

func (t *transitions) add(now time.Time, kind, subject, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	if len(t.ring) == kept {
		t.ring = append(t.ring[:0:0], t.ring[1:]...)
	}
	t.ring = append(t.ring, Transition{t.last, now, kind, subject, detail})
}

// after returns the transitions with a larger number than seq; never nil.
func (t *transitions) after(seq uint64) []Transition {
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
func (t *transitions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
