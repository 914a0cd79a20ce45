package spec

import (
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// Check is ParseFile for a stack that is known: a fault that does not find its
// targets among targets is an error at the place where it is written. With nil
// the faults may name anything. warnings are what is allowed and yet keeps the
// scenario from proving what its author probably wants, in the order of the
// file; there are none beside an error.
func Check(path string, targets []harness.Target) (s harness.Scenario, warnings Errors, err error) {
	src, err := readFile(path, "scenario")
	if err != nil {
		return harness.Scenario{}, nil, err
	}
	s, r, err := parse(path, src, beside(path), targets)
	if err != nil {
		return harness.Scenario{}, nil, err
	}
	return s, r.warnings(s), nil
}

// aim finds what the faults of s cannot hit. Names are looked up whatever else
// is wrong; the rest is asked only of a scenario that is right so far, because
// it takes all of it to tell.
func (r *reader) aim(s harness.Scenario, targets []harness.Target) {
	for i, f := range s.Faults {
		for field, t := range map[string]harness.TargetSpec{
			"component": {Component: f.Target.Component}, "node": {Node: f.Target.Node},
		} {
			at := fmt.Sprintf("faults[%d].target.%s", i, field)
			if t == (harness.TargetSpec{}) || r.complained(at) {
				continue
			}
			if err := t.Matches(targets); err != nil {
				r.fail(r.places[at].node, at, "%s%v", r.places[at], err)
			}
		}
	}
	if len(r.errs) > 0 {
		return
	}
	_, err := harness.Resolve(s, 1, 1, targets, harness.WithOverlap(fault.Overlap))
	for _, problem := range faultErrors(err) {
		p, _ := r.place(fmt.Sprintf("faults[%d].target", problem.Index))
		r.fail(p.node, "", "%s%v", p, problem.Err)
	}
}

// faultErrors takes the error of harness.Resolve apart.
func faultErrors(err error) []*harness.FaultError {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*harness.FaultError
		for _, err := range joined.Unwrap() {
			all = append(all, faultErrors(err)...)
		}
		return all
	}
	if f, ok := err.(*harness.FaultError); ok { //nolint:errorlint // layer by layer: As would stop at the first of several
		return []*harness.FaultError{f}
	}
	if err = errors.Unwrap(err); err == nil {
		return nil
	}
	return faultErrors(err)
}

// warnings puts those of s to the places where they come from: the stage that
// is written, or the file's start for one that has a default.
func (r *reader) warnings(s harness.Scenario) Errors {
	var all Errors
	for _, w := range s.Warnings() {
		p, exact := r.place(w.Field)
		name := p.path
		if !exact {
			name = w.Field
		}
		all = append(all, Error{
			File: r.file, Line: p.node.Line, Column: p.node.Column,
			Message: fmt.Sprintf("warning: %s: expected %s, saw %s", name, w.Want, w.Value),
		})
	}
	all.sort()
	return all
}
