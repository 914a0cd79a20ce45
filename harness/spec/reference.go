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
		n := noteOf(f.Path)
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
		if f.as == "" {
			f.as = join(as, f.key)
		}
		r.places[f.as] = inner
		if w.at(inner) < 0 { // else two actions have a parameter of the same name
			w.fields = append(w.fields, Field{Path: inner.path, Required: f.required})
		}
		f.read(n, inner, f.as)
	}
}

// at is the index of the field at p; -1 when it has not been seen.
func (w *walk) at(p place) int {
	return slices.IndexFunc(w.fields, func(f Field) bool { return f.Path == p.path })
}

// value says what the field at p takes. Of a parameter that two actions have,
// each with values of its own, it takes those of either.
func (w *walk) value(p place, takes string, accepts func(string) error) {
	f := &w.fields[w.at(p)]
	before := f.accepts
	if before == nil {
		f.Takes, f.accepts = takes, accepts
		return
	}
	if takes != f.Takes {
		f.Takes += ", or " + takes
	}
	f.accepts = func(text string) error {
		err := before(text)
		if err != nil && accepts(text) == nil {
			return nil
		}
		return err
	}
}

// mappingOf is a mapping with the given keys and no values.
func mappingOf(keys ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range keys {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, &yaml.Node{Kind: yaml.ScalarNode})
	}
	return n
}
