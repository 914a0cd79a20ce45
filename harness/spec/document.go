package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDepth is how deep mappings and lists may be nested.
const maxDepth = 12

// document parses src into the root node of its only document. Aliases are
// not expanded but refused, so that a few bytes stay a few bytes.
func document(name string, src []byte) (*yaml.Node, error) {
	fail := func(line, column int, format string, args ...any) (*yaml.Node, error) {
		return nil, Errors{{File: name, Line: max(1, line), Column: max(1, column), Message: fmt.Sprintf(format, args...)}}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var doc, next yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return fail(1, 1, "expected a scenario, saw an empty file")
	} else if err != nil {
		line, message := syntax(err)
		return fail(line, 1, "expected YAML: %s", message)
	}
	root := doc.Content[0]
	if errs := plain(name, root, 1); len(errs) > 0 {
		errs.sort()
		return nil, errs
	}
	switch err := decoder.Decode(&next); {
	case errors.Is(err, io.EOF):
		return root, nil
	case err != nil:
		line, message := syntax(err)
		return fail(line, 1, "expected YAML: %s", message)
	default:
		return fail(next.Line, next.Column, "expected one scenario in a file, saw another document; put it into a file of its own")
	}
}

// syntaxLine is how the YAML library says where a syntax error is.
var syntaxLine = regexp.MustCompile(`^line (\d+): `)

// syntax takes the library's error apart.
func syntax(err error) (line int, message string) {
	message = strings.TrimPrefix(err.Error(), "yaml: ")
	if m := syntaxLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	return line, message
}

// plain refuses what a scenario has no use for and what can be used to make
// it unreadable or endless: aliases, anchors, tags, deep nesting.
func plain(name string, n *yaml.Node, depth int) Errors {
	fail := func(message string) Errors {
		return Errors{{File: name, Line: n.Line, Column: n.Column, Message: message}}
	}
	switch {
	case depth > maxDepth:
		return fail(fmt.Sprintf("expected nesting of at most %d levels", maxDepth))
	case n.Kind == yaml.AliasNode:
		return fail(fmt.Sprintf("expected a value, saw alias %s; aliases are not supported, write the value out", saw("*"+n.Value)))
	case n.Anchor != "":
		return fail(fmt.Sprintf("expected a value, saw anchor %s; anchors are not supported, remove it", saw("&"+n.Anchor)))
	case n.Style&yaml.TaggedStyle != 0:
		return fail(fmt.Sprintf("expected a value, saw tag %s; tags are not supported, remove it", saw(n.Tag)))
	}
	var errs Errors
	for _, child := range n.Content {
		errs = append(errs, plain(name, child, depth+1)...)
		if len(errs) >= maxErrors {
			return errs[:maxErrors]
		}
	}
	return errs
}
