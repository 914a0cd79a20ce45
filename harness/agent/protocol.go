package agent

import (
	"errors"
	"time"
)

// Times of the lease. An agent measures them with its own monotonic clock.
const (
	// BeatEvery is how often the harness says that it lives while a fault is
	// in effect.
	BeatEvery = 500 * time.Millisecond
	// Silence is how long an agent holds a fault without hearing from the
	// harness: several beats, because a busy machine delays some.
	Silence = 5 * time.Second
	// IdleFor is how long an agent waits for the order to apply.
	IdleFor = 60 * time.Second
	// MaxTTL caps how long a fault may be held, whatever was asked for.
	MaxTTL = time.Hour
	// undoFor bounds the tries to undo.
	undoFor = 20 * time.Second
)

// verb is what a request asks for.
type verb string

const (
	prepare verb = "prepare" // make the effect and return its state before
	apply   verb = "apply"
	beat    verb = "beat" // no reply
	look    verb = "look"
	undo    verb = "undo"    // and end
	restore verb = "restore" // undo what another agent applied, and end
)

type request struct {
	ID     int               `json:"id"`
	Do     verb              `json:"do"`
	Spec   *Spec             `json:"spec,omitempty"`
	TTL    time.Duration     `json:"ttlNs,omitempty"`
	Before map[string]string `json:"before,omitempty"`
}

type reply struct {
	ID    int    `json:"id"`
	Error string `json:"error,omitempty"`
	// Unsupported is true for an error that wraps errors.ErrUnsupported.
	Unsupported bool              `json:"unsupported,omitempty"`
	Before      map[string]string `json:"before,omitempty"`
	Seen        *Seen             `json:"seen,omitempty"`
}

// ErrLost means that the agent is not there any more; it has undone its fault,
// or was killed.
var ErrLost = errors.New("the agent is gone")
