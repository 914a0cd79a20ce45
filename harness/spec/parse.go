// Package spec reads scenario files: YAML in, harness.Scenario out. It is
// strict: unknown and repeated fields, unknown actions, modes and mixes, and
// values out of range are refused, all at once, each with file, line, column,
// what was expected and what was seen.
package spec

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fournines/fournines/harness"
)

// The head of every scenario file.
const (
	APIVersion = "fournines/v1"
	Kind       = "Scenario"
)

// MaxSize is the largest scenario file, in bytes. A larger one is refused
// before it is parsed.
const MaxSize = 1 << 20

// Parse reads one scenario. name is the file's name for error messages and
// Scenario.Source. The scenario that it returns without an error validates.
// What is wrong with src is returned as Errors. A scenario that refers to
// another file is for ParseFile.
func Parse(name string, src []byte) (harness.Scenario, error) {
	s, _, err := parse(name, src, nil, nil)
	return s, err
}

// parse reads one scenario and remembers where its fields are; open reads a
// file that it refers to, and is nil where there is no folder to find it in;
// targets are those that its faults have to find, nil where any will do.
func parse(name string, src []byte, open opener, targets []harness.Target) (harness.Scenario, *reader, error) {
	if len(src) > MaxSize {
		return harness.Scenario{}, nil, tooLarge(name, "a scenario")
	}
	root, err := document(name, src)
	if err != nil {
		return harness.Scenario{}, nil, err
	}
	r := newReader(name, root)
	r.open = open
	s := r.scenario(root)
	s.Source = name
	r.validate(s)
	if targets != nil {
		r.aim(s, targets)
	}
	if len(r.errs) > 0 {
		r.errs.sort()
		return harness.Scenario{}, nil, r.errs
	}
	return s, r, nil
}

// ParseFile reads the scenario in a file, and what it refers to beside it. It
// never reads more than MaxSize bytes of a file.
func ParseFile(path string) (harness.Scenario, error) {
	s, _, err := Check(path, nil)
	return s, err
}

// opener reads a file that a scenario refers to and returns its path for
// error messages.
type opener func(name string) (path string, src []byte, err error)

// beside finds files relative to the folder of the file at path.
func beside(path string) opener {
	return func(name string) (string, []byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path), name)
		}
		src, err := readFile(name, "objective")
		return name, src, err
	}
}

// readFile reads a file that should hold what, and at most one byte more than
// MaxSize of it.
func readFile(path, what string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s %q: want a YAML file, saw a directory", what, path)
	}
	src, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return src, nil
}

func tooLarge(name, what string) Errors {
	return Errors{{File: name, Line: 1, Column: 1, Message: fmt.Sprintf("expected %s of at most %d bytes, saw a larger file", what, MaxSize)}}
}
