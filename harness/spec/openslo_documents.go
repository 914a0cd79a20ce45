package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// maxDocuments is how many documents a file may hold.
const maxDocuments = 64

// documents parses src into the root nodes of all its documents, of which
// there is at least one; empty ones are left out. Each is held to the rules of
// document.
func documents(name string, src []byte) ([]*yaml.Node, error) {
	fail := func(line, column int, format string, args ...any) ([]*yaml.Node, error) {
		return nil, Errors{{File: name, Line: max(1, line), Column: max(1, column), Message: fmt.Sprintf(format, args...)}}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var roots []*yaml.Node
	var errs Errors
	for {
		var doc yaml.Node
		switch err := decoder.Decode(&doc); {
		case errors.Is(err, io.EOF) && len(roots) == 0:
			return fail(1, 1, "expected OpenSLO documents, saw an empty file")
		case errors.Is(err, io.EOF) && len(errs) > 0:
			errs.sort()
			return nil, errs
		case errors.Is(err, io.EOF):
			return roots, nil
		case err != nil:
			line, message := syntax(err)
			return fail(line, 1, "expected YAML: %s", message)
		}
		if len(doc.Content) == 0 || nothing(doc.Content[0]) {
			continue
		}
		if len(roots) == maxDocuments {
			return fail(doc.Line, doc.Column, "expected at most %d documents in a file, saw more", maxDocuments)
		}
		roots = append(roots, doc.Content[0])
		if errs = append(errs, plain(name, doc.Content[0], 1)...); len(errs) > maxErrors {
			errs = errs[:maxErrors]
		}
	}
}

// nothing is a document that was opened and left empty.
func nothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Anchor == "" && n.Value == ""
}
