package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// app is what every command shares: the streams and the place it runs in.
type app struct {
	// out takes the result, err the progress and what went wrong.
	out, err io.Writer
	// in is where a person's answers come from.
	in    io.Reader
	place place
	// exit ends the process at once; only a third signal uses it.
	exit func(code int)
}

// result writes v as indented JSON to the result stream.
func (a *app) result(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return environment(fmt.Errorf("write the result: %w", err))
	}
	return nil
}

// printf writes a line of the result for people.
func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// explain writes err for people to the error stream, when there is something
// to say.
func (a *app) explain(err error) {
	if f, ok := errors.AsType[*failure](err); ok && f.err == nil {
		return
	}
	fmt.Fprintf(a.err, "fournines: %v\n", err)
}
