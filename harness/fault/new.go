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
// what is wrong: an unknown action, an unknown or missing parameter, no target,
// or a target that cannot do what the action needs. What no
// change of the scenario would make possible here wraps errors.ErrUnsupported.
func New(action string, b Binding) (harness.Fault, error) {
	kind, ok := Lookup(action)
	if !ok {
		return nil, fmt.Errorf("unknown action %q: want one that `fournines list` shows%s", action, suggest.DidYouMean(action, Actions()))
	}
	if len(b.Targets) == 0 && !kind.Targetless {
		return nil, fmt.Errorf("%s: no target; a fault that matches nothing is an error", action)
	}
	for i, t := range b.Targets {
		if slices.ContainsFunc(b.Targets[:i], func(u Target) bool { return u.Name() == t.Name() }) {
			return nil, fmt.Errorf("%s: target %q is named twice", action, t.Name())
		}
	}
	values, err := kind.complete(b.Values)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	b.Values = values
	return kind.bind(b)
}

// complete adds defaults to the parameters as written; it returns all problems.
func (k Kind) complete(written Values) (Values, error) {
	values := Values{}
	var problems []error
	for _, p := range k.Params {
		if p.Default != "" {
			values[p.Name] = p.Default
		}
		if _, ok := written[p.Name]; !ok && p.Required {
			problems = append(problems, fmt.Errorf("parameter %q is missing: want %s", p.Name, p.Form()))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		p, ok := k.Param(name)
		if !ok {
			problems = append(problems, fmt.Errorf("unknown parameter %q: want %s", name, orNone(k.ParamNames())))
			continue
		}
		problems = append(problems, p.Check(written[name]))
		values[name] = written[name]
	}
	err := errors.Join(problems...)
	if err == nil && k.check != nil {
		err = k.check(values)
	}
	return values, err
}

// able asserts that every target can do what T asks for.
func able[T Target](action string, targets []Target) ([]T, error) {
	out := make([]T, len(targets))
	for i, t := range targets {
		able, ok := t.(T)
		if !ok {
			return nil, fmt.Errorf("%s %q: want a target that is a %s, saw a %T, which cannot be broken in this way: %w", action, t.Name(), reflect.TypeFor[T](), t, errors.ErrUnsupported)
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
