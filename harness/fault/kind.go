// Package fault holds what can be broken on purpose: one fault per file, each
// over a tiny interface that it declares itself. A replica of any stack
// happens to satisfy them.
package fault

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
)

// Kind describes one action that a scenario's faults may name.
type Kind struct {
	// Action is the name in scenario files: "container-kill".
	Action string
	// Summary is half a sentence for lists: "kill a replica's main process".
	Summary string
	// Explain says in a few sentences what happens, Proof how its effect is
	// seen from outside, and Undone how it ends.
	Explain, Proof, Undone string
	// Example is one entry of a scenario's faults, in YAML.
	Example string
	// Params are the action's own parameters.
	Params []Param
	// Targetless is true for an action that hits nothing.
	Targetless bool

	bind func(params map[string]string, targets []Target) (harness.Fault, error)
}

// Param describes one parameter of an action.
type Param struct {
	Name string
	// Default is used when the parameter is not given.
	Default string
	// Explain is half a sentence for people.
	Explain string
	// Values are the only values allowed.
	Values []string
}

// Catalogue returns every kind there is, in the order of listings. The caller
// owns it.
func Catalogue() []Kind {
	return []Kind{noop(), containerKill(), containerPause()}
}

// Actions returns the names of all kinds.
func Actions() []string {
	var all []string
	for _, k := range Catalogue() {
		all = append(all, k.Action)
	}
	return all
}

// Lookup finds the kind with the given action.
func Lookup(action string) (Kind, bool) {
	for _, k := range Catalogue() {
		if k.Action == action {
			return k, true
		}
	}
	return Kind{}, false
}

// Param finds the parameter with the given name.
func (k Kind) Param(name string) (Param, bool) {
	i := slices.IndexFunc(k.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return Param{}, false
	}
	return k.Params[i], true
}

// ParamNames returns the names of all parameters.
func (k Kind) ParamNames() []string {
	var all []string
	for _, p := range k.Params {
		all = append(all, p.Name)
	}
	return all
}

// Check returns nil when value is allowed.
func (p Param) Check(value string) error {
	if !slices.Contains(p.Values, value) {
		return fmt.Errorf("parameter %q: want one of %s, saw %q", p.Name, strings.Join(p.Values, ", "), value)
	}
	return nil
}
