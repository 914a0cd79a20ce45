package spec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"go.yaml.in/yaml/v3"
)

func (r *reader) faults(dst *[]harness.FaultSpec) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		// Without a list of faults nobody can say what the stages should be.
		defer func() { r.bad["stages"] = r.bad["stages"] || r.bad[as] }()
		if r.walk != nil {
			p.path += "[]"
			r.fault(n, p, as+"[]")
			return
		}
		if n.Kind != yaml.SequenceNode {
			r.fail(n, as, "%sexpected a list of faults, saw %s", p, sawNode(n))
			return
		}
		if len(n.Content) > maxItems {
			r.fail(n, as, "%sexpected at most %d faults, saw %d", p, maxItems, len(n.Content))
			return
		}
		for i, item := range n.Content {
			at := fmt.Sprintf("faults[%d]", i)
			inner := place{node: item, path: at}
			r.places[at] = inner
			*dst = append(*dst, r.fault(item, inner, at))
		}
	}
}

// fault reads one fault; the action's parameters stand beside the common
// fields.
func (r *reader) fault(n *yaml.Node, p place, as string) harness.FaultSpec {
	var f harness.FaultSpec
	fields := []field{
		{key: "action", required: true, read: scalar(r, actionKind, &f.Action)},
		{key: "target", read: r.target(&f.Target)},
		{key: "at", read: scalar(r, duration, &f.At)},
		{key: "duration", read: scalar(r, duration, &f.Duration)},
	}
	action := actionOf(n)
	if params, ok := r.params(action); ok {
		for _, param := range params {
			fields = append(fields, field{key: param.Name, required: param.Required && r.walk == nil, read: func(n *yaml.Node, p place, as string) {
				var value string
				scalar(r, paramKind(param), &value)(n, p, as)
				if f.Params == nil {
					f.Params = map[string]string{}
				}
				f.Params[param.Name] = value
			}})
		}
	} else if action != "" {
		// Nobody can say which parameters an unknown action has.
		fields = append(fields, anyKey(n, func(string) func(*yaml.Node, place, string) {
			return func(*yaml.Node, place, string) {}
		})...)
	}
	before := len(r.errs)
	r.mapping(n, p, as, fields...)
	if kind, ok := fault.Lookup(f.Action); ok && r.walk == nil {
		if len(r.errs) == before { // each parameter is allowed by itself
			if err := kind.Check(f.Params); err != nil {
				r.fail(n, as, "%s%v", p, err)
			}
		}
		if kind.WholeNodes {
			r.wholeNodes(&f, as+".target")
		} else if _, written := r.places[as+".target.mode"]; !written && f.Target != (harness.TargetSpec{}) && kind.DefaultMode != "" {
			f.Target.Mode = string(kind.DefaultMode)
		}
	}
	if _, written := r.places[as+".target"]; !written && r.bad[as+".action"] {
		// Nor whether it needs a target.
		r.bad[as+".target"] = true
	}
	return f
}

// wholeNodes holds the target of a fault that hits whole nodes to that: it
// names nodes, and all of what is placed on them is hit.
func (r *reader) wholeNodes(f *harness.FaultSpec, as string) {
	if f.Target.Component != "" {
		p := r.places[as+".component"]
		r.fail(p.node, as, "%sexpected a node, because %s hits all of it, saw a component", p, f.Action)
		return
	}
	if p, written := r.places[as+".mode"]; !written {
		f.Target.Mode = string(harness.All)
	} else if f.Target.Mode != string(harness.All) && !r.bad[as+".mode"] {
		r.fail(p.node, as, "%sexpected mode %s or none, because %s hits the whole node, saw %s", p, harness.All, f.Action, sawNode(p.node))
	}
}

// params are the parameters of an action, and of all actions where nothing is
// read; false when there is no such action.
func (r *reader) params(action string) ([]fault.Param, bool) {
	if r.walk == nil {
		kind, ok := fault.Lookup(action)
		return kind.Params, ok
	}
	var all []fault.Param
	for _, kind := range fault.Catalogue() {
		all = append(all, kind.Params...)
	}
	return all, true
}

// actionKind is the name of an action; there are too many to list all of them.
var actionKind = kind[string]{"an action that `fournines list` shows", func(s string) (string, error) {
	if _, ok := fault.Lookup(s); !ok {
		return "", nearest(s, fault.Actions())
	}
	return s, nil
}}

// paramKind is what one parameter of an action takes.
func paramKind(p fault.Param) kind[string] {
	if len(p.Values) > 0 {
		return oneOf(withArticle(p.Name), p.Values)
	}
	return kind[string]{p.Takes, func(s string) (string, error) {
		if p.Check(s) != nil {
			return "", errForm
		}
		return s, nil
	}}
}

// actionOf looks ahead for the action of a fault.
func actionOf(n *yaml.Node) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "action" {
			return n.Content[i+1].Value
		}
	}
	return ""
}

func (r *reader) target(t *harness.TargetSpec) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		amount := amount{}
		t.Mode = string(DefaultMode)
		r.mapping(n, p, as,
			field{key: "component", read: scalar(r, text, &t.Component)},
			field{key: "node", read: scalar(r, text, &t.Node)},
			field{key: "mode", read: scalar(r, oneOf("a mode", harness.Modes()), &t.Mode)},
			field{key: "value", read: scalar(r, amountKind, &amount)},
		)
		t.Value = amount.number
		value := r.places[as+".value"]
		switch {
		case r.bad[as+".mode"]:
			// What the value may be depends on the mode.
			r.bad[as+".value"] = true
		case amount.percent && !strings.Contains(t.Mode, "percent"):
			r.fail(value.node, as+".value", "%sexpected a number of replicas with mode %s, saw %s; modes %s and %s take a percentage",
				value, t.Mode, sawNode(value.node), harness.FixedPercent, harness.RandomMaxPercent)
		}
	}
}

// amount is a number of replicas or a percentage of them.
type amount struct {
	number  float64
	percent bool
}

var amountKind = kind[amount]{"a number of replicas or a percentage such as 50%", func(s string) (amount, error) {
	digits, percent := strings.CutSuffix(s, "%")
	if !decimal.MatchString(digits) {
		return amount{}, errForm
	}
	number, err := strconv.ParseFloat(digits, 64)
	if percent && number > 100 {
		return amount{}, errors.New("; it ends at 100%")
	}
	return amount{number, percent}, err
}}

// withArticle is "a signal", "an answer".
func withArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
