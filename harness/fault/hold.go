package fault

import (
	"context"
	"maps"
)

// Holder is a target that its platform would bring back. A fault that is about
// a lasting state (a node without power, members that must not agree) holds its
// targets down for as long as it is in effect; one that is about an event (a
// process that was killed) does not, and what the platform does then is what is
// measured. Targets that are no Holder are brought back by nobody.
type Holder interface {
	// Hold keeps everybody from starting the target, or everything that is
	// placed on its node, until on is false. It can be repeated.
	Hold(ctx context.Context, node, on bool) error
}

// What a change holds.
const (
	holdsNode    = "node"
	holdsReplica = "replica"
)

// heldArg is in an undo step whose target has to be let go first.
const heldArg = "held"

// hold holds a target, or lets it go, if the change does that.
func (c change[T]) hold(ctx context.Context, t T, on bool) error {
	h, ok := any(t).(Holder)
	if c.holds == "" || !ok {
		return nil
	}
	return h.Hold(ctx, c.holds == holdsNode, on)
}

// args are what the undo step of a target has to know.
func (c change[T]) args(t T, kept data) data {
	if _, ok := any(t).(Holder); c.holds == "" || !ok {
		return kept
	}
	all := data{heldArg: c.holds}
	maps.Copy(all, kept)
	return all
}

// living is a target of which one life can be told from the next.
type living interface {
	Life(ctx context.Context) (string, error)
}

// lifeOf names the present life of a target; empty where nobody can tell.
func lifeOf(ctx context.Context, t any) string {
	if l, ok := t.(living); ok {
		if life, err := l.Life(ctx); err == nil {
			return life
		}
	}
	return ""
}

// reborn reports whether a target that was to end did, and has been started
// again since: a platform can be quicker than a look.
func (c change[T]) reborn(ctx context.Context, v *victim[T]) bool {
	if v.life == "" || c.effect != exited && c.effect != removed {
		return false
	}
	now := lifeOf(ctx, v.target)
	return now != "" && now != v.life
}
