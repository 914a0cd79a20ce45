package spec

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Field is one field that a scenario file can have, described for people.
type Field struct {
	// Path is the field's name with those around it: "load.rate",
	// "faults[].target.mode", "metadata.labels.<key>".
	Path string
	// Explain is one sentence.
	Explain string
	// Takes is the form and the unit of the value; empty for a mapping.
	Takes string
	// Range bounds the value further; empty when Takes says it all.
	Range string
	// Required is true when the mapping around the field cannot do without it.
	Required bool
	// Default is what a missing field comes to; empty when that is nothing.
	Default string
	// Example is a value as it is written; empty for a mapping.
	Example string

	accepts func(text string) error
}

// Reference returns every field that Parse accepts, in the order of the file.
// It asks the parser itself: paths, forms and what is required cannot differ
// from what is read.
func Reference() []Field {
	root := &yaml.Node{Kind: yaml.ScalarNode}
	r := newReader("", root)
	r.walk = &walk{}
	r.scenario(root)
	for i, f := range r.walk.fields {
		n := notes[f.Path]
		f.Explain, f.Range, f.Default, f.Example = n.explain, n.bounds, n.standard, n.example
		r.walk.fields[i] = f
	}
	return r.walk.fields
}

// walk collects what a reader would accept.
type walk struct{ fields []Field }

// mapping takes the fields of the mapping at p, and what is in them.
func (w *walk) mapping(r *reader, n *yaml.Node, p place, as string, fields []field) {
	for _, f := range fields {
		inner := place{node: n, path: join(p.path, f.key)}
		if slices.ContainsFunc(w.fields, func(seen Field) bool { return seen.Path == inner.path }) {
			continue // two actions with a parameter of the same name
		}
		if f.as == "" {
			f.as = join(as, f.key)
		}
		r.places[f.as] = inner
		w.fields = append(w.fields, Field{Path: inner.path, Required: f.required})
		f.read(n, inner, f.as)
	}
}

// value says what the field at p takes.
func (w *walk) value(p place, takes string, accepts func(string) error) {
	i := slices.IndexFunc(w.fields, func(f Field) bool { return f.Path == p.path })
	w.fields[i].Takes, w.fields[i].accepts = takes, accepts
}

// mappingOf is a mapping with the given keys and no values.
func mappingOf(keys ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range keys {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, &yaml.Node{Kind: yaml.ScalarNode})
	}
	return n
}
