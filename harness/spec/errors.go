package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one thing that is wrong with a scenario file.
type Error struct {
	// File is the name that Parse was given.
	File string
	// Line and Column count from 1 and point at what is wrong, or at the
	// smallest thing around it that was written; 1, 1 when the whole file is.
	Line, Column int
	// Message says what was expected and what was seen.
	Message string
}

// Error is in the form that editors and CI services link: file:line:column:
// message.
func (e Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors is everything that is wrong with one scenario file, in the order of
// the file. It is never empty when it is an error.
type Errors []Error

// Error has one line for each problem.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find an Error.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// sort puts the problems in the order of the file, file by file.
func (es Errors) sort() {
	slices.SortStableFunc(es, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
