package spec

import (
	"slices"
	"strings"

	"github.com/fournines/fournines/harness/suggest"
	"go.yaml.in/yaml/v3"
)

// openFile collects the documents of one file.
type openFile struct {
	*reader
	services []*openObject
	slis     []*openSLI
	slos     []*openSLO
}

// openObject is what every document has.
type openObject struct {
	// as is where its fields are in reader.places.
	as   string
	node *yaml.Node
	name string
	// sound is true when nothing is wrong within the document; used when
	// something refers to it.
	sound, used bool
}

// read reads one document of whichever kind.
func (f *openFile) read(root *yaml.Node, as string) {
	object := openObject{as: as, node: root}
	before := len(f.errs)
	body := func(*yaml.Node, place, string) {} // of an unknown kind nothing is known
	marks := refuseMarks
	kinds := []string{kindService, kindSLI, kindSLO}
	sli, slo := &openSLI{}, &openSLO{}
	which := scalarOf(root, "kind")
	switch which {
	case kindService:
		body = f.serviceSpec
	case kindSLI:
		body, marks = f.sliSpec(sli), f.marks(sli)
	case kindSLO:
		body = f.sloSpec(slo)
	}
	var version, kind string
	f.mapping(root, place{node: root}, as,
		field{key: "apiVersion", required: true, read: scalar(f.reader, oneOf("the API version", []string{OpenSLOVersion}), &version)},
		field{key: "kind", required: true, read: scalar(f.reader, openKind(kinds), &kind)},
		field{key: "metadata", required: true, read: f.openMetadata(&object.name, marks)},
		field{key: "spec", required: true, read: body},
	)
	object.sound = len(f.errs) == before
	switch which {
	case kindService:
		f.services = append(f.services, &object)
	case kindSLI:
		sli.openObject = object
		f.slis = append(f.slis, sli)
	case kindSLO:
		slo.openObject = object
		f.slos = append(f.slos, slo)
	}
}

// openKind is one of kinds; OpenSLO's others are known and refused as such.
func openKind(kinds []string) kind[string] {
	k := oneOf("the kind", kinds)
	inner := k.parse
	k.parse = func(s string) (string, error) {
		if slices.Contains([]string{"AlertPolicy", "AlertCondition", "AlertNotificationTarget", "DataSource"}, s) {
			return "", hint("; fournines does not read this kind, keep it in another file")
		}
		return inner(s)
	}
	return k
}

// openMetadata reads a document's metadata; annotation says what becomes of
// an annotation with the harness's own prefix.
func (f *openFile) openMetadata(name *string, annotation func(*reader, string) func(*yaml.Node, place, string)) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		var ignored string
		f.mapping(n, p, as,
			field{key: "name", required: true, read: scalar(f.reader, openName, name)},
			field{key: "displayName", read: scalar(f.reader, text, &ignored)},
			field{key: "labels", read: f.free("labels", func(string) func(*yaml.Node, place, string) {
				return func(n *yaml.Node, p place, as string) { f.words(n, p, as, text) }
			})},
			field{key: "annotations", read: f.free("annotations", func(key string) func(*yaml.Node, place, string) {
				if strings.HasPrefix(key, markPrefix) {
					return annotation(f.reader, key)
				}
				return scalar(f.reader, text, &ignored)
			})},
		)
	}
}

// free reads a mapping with keys of the author's choice.
func (r *reader) free(what string, read func(key string) func(*yaml.Node, place, string)) func(*yaml.Node, place, string) {
	return func(n *yaml.Node, p place, as string) {
		if len(n.Content)/2 > maxItems {
			r.fail(n, as, "%sexpected at most %d %s, saw %d", p, maxItems, what, len(n.Content)/2)
			return
		}
		r.mapping(n, p, as, anyKey(n, read)...)
	}
}

func (f *openFile) serviceSpec(n *yaml.Node, p place, as string) {
	var ignored string
	f.mapping(n, p, as, field{key: "description", read: scalar(f.reader, description, &ignored)})
}

// scalarOf looks ahead for the value of a key.
func scalarOf(n *yaml.Node, key string) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key && n.Content[i+1].Kind == yaml.ScalarNode {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// written is the node of a field of the document, nil when it was not written.
func (f *openFile) written(as string) *yaml.Node { return f.places[as].node }

// hint is the error of a value whose text ends the message.
type hint string

func (h hint) Error() string { return string(h) }

// among is " saw X" with the nearest of the names that there are.
func among(name string, names []string) string {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }) // one that is wrong has none
	if len(names) == 0 {
		return "; there is none in this file"
	}
	return "; there are " + list(names) + suggest.DidYouMean(name, names)
}
