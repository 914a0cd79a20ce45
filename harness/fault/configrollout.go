package fault

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/fournines/fournines/harness"
)

// Configured is a target whose program follows a document in a config centre,
// as the other replicas of its component do.
type Configured interface {
	observed
	// Configuration is the newest document of the target's program, as data that
	// Restore needs; documentKey and versionKey are the keys that faults read.
	Configuration(ctx context.Context) (map[string]string, error)
	// Publish makes a document the newest.
	Publish(ctx context.Context, document string) error
	// Restore makes the document of the data the newest again, if the newest is
	// the one that the data says was published. It does nothing otherwise.
	Restore(ctx context.Context, kept map[string]string) error
	// Follows says what the target itself, asked on its admin port, makes of
	// the config centre.
	// It returns the version of the document in use, that of a newer one which
	// it refuses, and why it cannot read any; empty where that is not so.
	Follows(ctx context.Context) (using, refused, away string, err error)
}

// following is what a target says of its configuration.
type following struct{ using, refused, away string }

func followedBy(ctx context.Context, t Configured) (f following, err error) {
	f.using, f.refused, f.away, err = t.Follows(ctx)
	return f, err
}

// Keys of a target's Configuration, as data.
const (
	documentKey  = "document"
	versionKey   = "version"
	publishedKey = "published"
)

// rolledOut is the status of a target that has got the fault's document.
const rolledOut = "running with the document that is the fault"

// rollout is what the faults have in common that publish a document.
type rollout struct {
	action string
	// change makes the fault's document out of the good one.
	change func(document string) (string, error)
	// want reports whether a program that has seen the document does with it
	// what the fault is about; nil where it may use or refuse it.
	want func(f following, version string) bool
}

// bind makes the fault.
func (r rollout) bind(b Binding) (harness.Fault, error) {
	all, err := able[Configured](r.action, b.Targets)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 {
		return nil, fmt.Errorf("%s: want one target, saw %d: they have their document in common", r.action, len(all))
	}
	target := all[0]
	var beside []Configured
	for _, t := range where(b.Replicas, func(t Target) bool { return componentOf(t) == componentOf(target) }) {
		if c, ok := t.(Configured); ok {
			beside = append(beside, c)
		}
	}
	return change[Configured]{
		action: r.action, targets: all, effect: rolledOut, lag: killLag,
		verb:  "publish a document for",
		apply: r.publish,
		undo:  "configure",
		restore: func(ctx context.Context, t Configured, kept data) error {
			return t.Restore(ctx, kept)
		},
		keep:     r.keep,
		state:    r.state,
		happened: r.happened,
		proved:   func(ctx context.Context) error { return r.everywhere(ctx, beside, rolledOut) },
		restored: func(ctx context.Context) error { return r.everywhere(ctx, beside, running) },
		command:  byHeal[Configured],
	}, nil
}

// keep is the good document, and the one that takes its place.
func (r rollout) keep(ctx context.Context, t Configured) (data, error) {
	now, err := t.Configuration(ctx)
	if err != nil {
		return nil, err
	}
	kept := maps.Clone(now)
	if kept[publishedKey], err = r.change(now[documentKey]); err != nil {
		return nil, fmt.Errorf("make a document out of version %s: %w", now[versionKey], err)
	}
	if kept[publishedKey] == now[documentKey] {
		return nil, errors.New("want a document to change, saw that it is the fault's already")
	}
	return kept, nil
}

func (r rollout) publish(ctx context.Context, t Configured) error {
	kept, err := r.keep(ctx, t)
	if err != nil {
		return err
	}
	return t.Publish(ctx, kept[publishedKey])
}

// state is rolledOut while the fault's document is the newest and the target
// has got it, and the target's own once that is over and noticed.
func (r rollout) state(ctx context.Context, t Configured, kept data) (string, error) {
	now, err := t.Configuration(ctx)
	if err != nil {
		return "", err
	}
	if now[documentKey] == kept[publishedKey] {
		return rolledOut, nil
	}
	follows, err := followedBy(ctx, t)
	if err != nil {
		return "", err
	}
	if follows.using != now[versionKey] || follows.refused != "" {
		return fmt.Sprintf("on the way to version %s, using %s", now[versionKey], follows.using), nil
	}
	return t.Status(ctx)
}

// happened reports whether the target itself has got the fault's document.
func (r rollout) happened(ctx context.Context, t Configured, kept data) (bool, error) {
	now, err := t.Configuration(ctx)
	if err != nil || now[documentKey] != kept[publishedKey] {
		return false, err
	}
	follows, err := followedBy(ctx, t)
	return err == nil && r.got(follows, now[versionKey]), err
}

func (r rollout) got(f following, version string) bool {
	if r.want != nil {
		return r.want(f, version)
	}
	return f.using == version || f.refused == version
}

// everywhere returns nil when all replicas of the component that run have got
// the newest document: the fault's, or the good one.
func (r rollout) everywhere(ctx context.Context, all []Configured, wanted string) error {
	for _, t := range all {
		if status, err := t.Status(ctx); err != nil || status != running {
			continue // that is another fault's doing
		}
		now, err := t.Configuration(ctx)
		if err != nil {
			return err
		}
		follows, err := followedBy(ctx, t)
		if err != nil {
			return err
		}
		ok := r.got(follows, now[versionKey])
		if wanted == running {
			ok = follows.using == now[versionKey] && follows.refused == ""
		}
		if !ok {
			return fmt.Errorf("want %q to have seen version %s, saw that it uses %q and refuses %q", t.Name(), now[versionKey], follows.using, follows.refused)
		}
	}
	return nil
}
