package spec

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/suggest"
	"go.yaml.in/yaml/v3"
)

const (
	// maxErrors bounds the report of a file that is something else altogether.
	maxErrors = 100
	// maxItems is how many entries a list or a mapping with free keys may have.
	maxItems = 32
)

// reader walks a file's nodes, collects everything that is wrong, and
// remembers where each field of the scenario was written.
type reader struct {
	file string
	errs Errors
	// places is by the field's path in harness.Scenario.
	places map[string]place
	// bad holds the paths, as in places, of what has been complained about.
	bad map[string]bool
	// open reads a file that this one refers to; nil where there is none.
	open opener
	// walk, when it is set, is told what could be read instead of reading.
	walk *walk
}

// place is where a field was written and what it is called in the file.
type place struct {
	node *yaml.Node
	path string
}

func newReader(file string, root *yaml.Node) *reader {
	return &reader{file: file, places: map[string]place{"": {node: root}}, bad: map[string]bool{}}
}

// field is one key that a mapping may have.
type field struct {
	key string
	// as is the field's path in harness.Scenario where that differs from its
	// path in the file.
	as       string
	required bool
	read     func(n *yaml.Node, p place, as string)
}

// fail records what is wrong at n with the field known as as.
func (r *reader) fail(n *yaml.Node, as, format string, args ...any) {
	r.bad[as] = true
	if len(r.errs) < maxErrors {
		r.errs = append(r.errs, Error{File: r.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
	}
}

// mapping reads n, which is at p, field by field.
func (r *reader) mapping(n *yaml.Node, p place, as string, fields ...field) {
	if r.walk != nil {
		r.walk.mapping(r, n, p, as, fields)
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, as, "%sexpected a mapping with %s, saw %s", p, keys(fields), sawNode(n))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		f, known := find(fields, key)
		switch {
		case !known:
			r.fail(key, "", "%sunknown field %s; expected %s%s", p, sawNode(key), keys(fields), suggest.DidYouMean(key.Value, keyList(fields)))
			continue
		case lines[f.key] > 0:
			r.fail(key, "", "%sfield %q is given twice, first in line %d; keep one", p, f.key, lines[f.key])
			continue
		}
		lines[f.key] = key.Line
		inner := place{node: value, path: join(p.path, f.key)}
		if f.as == "" {
			f.as = join(as, f.key)
		}
		r.places[f.as] = inner
		f.read(value, inner, f.as)
	}
	for _, f := range fields {
		if f.required && lines[f.key] == 0 {
			if f.as == "" {
				f.as = join(as, f.key)
			}
			r.fail(n, f.as, "%sexpected field %q, which is missing", p, f.key)
		}
	}
}

// validate adds what the scenario as a whole says is wrong with its fields,
// unless that was said already.
func (r *reader) validate(s harness.Scenario) { r.problems(s.Validate()) }

// problems adds those of a joined error of *harness.FieldError that nobody
// complained about yet.
func (r *reader) problems(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || r.places[""].node.Kind != yaml.MappingNode {
		return
	}
	for _, err := range joined.Unwrap() {
		var fe *harness.FieldError
		if !errors.As(err, &fe) {
			r.fail(r.places[""].node, "", "%v", err)
			continue
		}
		if r.complained(fe.Field) {
			continue
		}
		p, exact := r.place(fe.Field)
		name, see := p.path, ""
		if !exact {
			name = fe.Field
		}
		switch {
		case exact && p.node.Kind == yaml.ScalarNode:
			see = ", saw " + sawNode(p.node)
		case fe.Value != "":
			see = ", saw " + saw(fmt.Sprint(fe.Value))
		}
		r.fail(p.node, "", "%s: expected %s%s", name, fe.Want, see)
	}
}

// complained reports whether the field, or something that it is part of, was
// found wrong.
func (r *reader) complained(as string) bool {
	for ; as != ""; as = parent(as) {
		if r.bad[as] {
			return true
		}
	}
	return false
}

// place returns where a field was written, or the smallest thing around it.
func (r *reader) place(as string) (p place, exact bool) {
	exact = true
	for {
		if p, ok := r.places[as]; ok {
			return p, exact
		}
		as, exact = parent(as), false
	}
}

// parent cuts the last step off a path.
func parent(as string) string {
	return as[:max(0, strings.LastIndexAny(as, ".["))]
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// String is the place as the start of a message.
func (p place) String() string {
	if p.path == "" {
		return ""
	}
	return p.path + ": "
}

func find(fields []field, key *yaml.Node) (field, bool) {
	for _, f := range fields {
		if key.Kind == yaml.ScalarNode && f.key == key.Value {
			return f, true
		}
	}
	return field{}, false
}

func keyList(fields []field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.key
	}
	return list
}

func keys(fields []field) string { return strings.Join(keyList(fields), ", ") }

// sawNode is what a node looks like, for the end of a message.
func sawNode(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null" && (n.Value == "" || n.Value == "null" || n.Value == "~"):
		return "nothing"
	}
	return saw(n.Value)
}

// saw quotes and shortens what was written.
func saw(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
