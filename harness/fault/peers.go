package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// everybody in place of peers' names means all traffic of the target, also
// with who is not part of the stack.
const everybody = "all"

// located is a target that says where it belongs; one that does not is alone.
type located interface {
	Component() string
	Node() string
}

func componentOf(t Target) string {
	if p, ok := t.(located); ok {
		return p.Component()
	}
	return t.Name()
}

func nodeOf(t Target) string {
	if p, ok := t.(located); ok {
		return p.Node()
	}
	return ""
}

func namesOf(targets []Target) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.Name()
	}
	return strings.Join(names, ", ")
}

// peers is the parameter that names the other side of a cut; it is required
// where there is no standard.
func peers(standard, explain string) Param {
	p := free("peers", standard, "etcd", `components or replicas with commas between them, or "all"`, explain, func(value string) error {
		if slices.Contains(words(value), "") {
			return errors.New("a name is empty")
		}
		return nil
	})
	p.Required = standard == ""
	return p
}

func words(list string) []string {
	if list == "" {
		return nil
	}
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// peersNamed finds the replicas that a list names, but for the targets. nil
// without an error is everybody.
func peersNamed(b Binding, list string) (func(Target) []Target, error) {
	if list == everybody {
		return nil, nil
	}
	var found []Target
	for _, word := range words(list) {
		matches := where(b.Replicas, func(r Target) bool { return r.Name() == word || componentOf(r) == word })
		if len(matches) == 0 {
			return nil, fmt.Errorf("peers: want components or replicas of the stack, saw %q; it has %s", word, namesOf(b.Replicas))
		}
		found = append(found, matches...)
	}
	found = where(found, func(r Target) bool { return !isTarget(b, r) })
	return func(Target) []Target { return found }, nil
}

// othersOf are all replicas that have an address, but for the target itself: a
// controller that works on the engine's machine is no peer of any network.
func othersOf(b Binding) func(Target) []Target {
	return func(t Target) []Target {
		return where(b.Replicas, func(r Target) bool {
			_, there := r.(peer)
			return there && r.Name() != t.Name()
		})
	}
}

func isTarget(b Binding, r Target) bool {
	return slices.ContainsFunc(b.Targets, func(t Target) bool { return t.Name() == r.Name() })
}

func where(all []Target, ok func(Target) bool) (out []Target) {
	for _, t := range all {
		if ok(t) {
			out = append(out, t)
		}
	}
	return out
}
