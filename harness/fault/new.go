package fault

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/suggest"
)

// Target is a live thing to break. What else it must be able to do is up to
// the action.
type Target interface {
	// Name is the replica's name: "catalog-2".
	Name() string
	// ID is the replica's identity in the stack's own terms (container ID).
	ID() string
}

// New binds an action to its live targets; nothing is touched. The error says
// what is wrong: an unknown action or parameter, no target, or a target that
// cannot do what the action needs.
func New(action string, params map[string]string, targets []Target) (harness.Fault, error) {
	kind, ok := Lookup(action)
	if !ok {
		return nil, fmt.Errorf("unknown action %q: want one of %s%s", action, strings.Join(Actions(), ", "), suggest.DidYouMean(action, Actions()))
	}
	if len(targets) == 0 && !kind.Targetless {
		return nil, fmt.Errorf("%s: no target; a fault that matches nothing is an error", action)
	}
	for i, t := range targets {
		if slices.ContainsFunc(targets[:i], func(u Target) bool { return u.Name() == t.Name() }) {
			return nil, fmt.Errorf("%s: target %q is named twice", action, t.Name())
		}
	}
	resolved := map[string]string{}
	for _, p := range kind.Params {
		resolved[p.Name] = p.Default
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(params)) {
		p, ok := kind.Param(name)
		if !ok {
			problems = append(problems, fmt.Errorf("unknown parameter %q: want %s", name, orNone(kind.ParamNames())))
			continue
		}
		problems = append(problems, p.Check(params[name]))
		resolved[name] = params[name]
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	return kind.bind(resolved, targets)
}

// able asserts that every target can do what T asks for.
func able[T Target](action string, targets []Target) ([]T, error) {
	out := make([]T, len(targets))
	for i, t := range targets {
		able, ok := t.(T)
		if !ok {
			return nil, fmt.Errorf("%s %q: want a target that is a %s, saw a %T, which cannot be broken in this way", action, t.Name(), reflect.TypeFor[T](), t)
		}
		out[i] = able
	}
	return out, nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
