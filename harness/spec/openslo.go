package spec

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/fournines/fournines/harness"
	"go.yaml.in/yaml/v3"
)

// OpenSLOVersion is the API version of the OpenSLO documents that are read.
const OpenSLOVersion = "openslo/v1"

// Kinds of OpenSLO documents that are read.
const (
	kindService = "Service"
	kindSLI     = "SLI"
	kindSLO     = "SLO"
)

// openSLOHead finds the API version of a file of OpenSLO documents, in a file
// that need not be valid YAML.
var openSLOHead = regexp.MustCompile(`(?m)^apiVersion:[ \t]*["']?openslo`)

// IsOpenSLO reports whether src is meant to hold OpenSLO documents, of
// whichever version, and is for ParseSLO rather than for Parse.
func IsOpenSLO(src []byte) bool { return openSLOHead.Match(src) }

// ParseSLO reads the objective of one service from OpenSLO v1 documents:
// exactly one SLO over requests and any number over quantiles of latency, with
// their SLIs and Service. What fournines cannot hold a run to is an error and
// never passed over; docs/openslo.md has the mapping. name is the file's name
// for error messages; what is wrong with src is returned as Errors.
func ParseSLO(name string, src []byte) (harness.SLO, error) {
	if len(src) > MaxSize {
		return harness.SLO{}, tooLarge(name, "OpenSLO documents")
	}
	roots, err := documents(name, src)
	if err != nil {
		return harness.SLO{}, err
	}
	r := newReader(name, roots[0])
	objective := r.openSLO(roots)
	if len(r.errs) > 0 {
		r.errs.sort()
		return harness.SLO{}, slices.Compact(r.errs) // an SLI that two SLOs share is wrong once
	}
	return objective, nil
}

// ParseSLOFile is ParseSLO of a file. It never reads more than MaxSize bytes
// of it.
func ParseSLOFile(path string) (harness.SLO, error) {
	src, err := readFile(path, "objective")
	if err != nil {
		return harness.SLO{}, err
	}
	return ParseSLO(path, src)
}

// openSLO reads all documents of a file and what they come to together.
func (r *reader) openSLO(roots []*yaml.Node) harness.SLO {
	file := &openFile{reader: r}
	for i, root := range roots {
		file.read(root, fmt.Sprintf("document[%d]", i))
	}
	return file.objective()
}
