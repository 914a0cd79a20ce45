package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/fournines/fournines/harness"
)

// State is what a journal says.
type State struct {
	// Begin is zero when not even the first record was written.
	Begin Begin
	// Open are the intents that were not undone, oldest first.
	Open []harness.Intent
	// Intents is the number of all intents, undone ones too.
	Intents int
	// Torn says that the journal ends in a record that was cut off or damaged.
	// What that record held was not yet done when it was written.
	Torn bool
}

// Read reads a journal to its end or to its first damaged line. An error means
// that r could not be read, or that it was written by something else.
func Read(r io.Reader) (State, error) {
	var s State
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return s, fmt.Errorf("read journal: %w", err)
		}
		whole := err == nil
		if !whole && len(line) == 0 {
			return s, nil
		}
		e, err := decode(bytes.TrimSuffix(line, []byte{'\n'}))
		if !whole || errors.Is(err, errTorn) {
			s.Torn = true
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("read journal, line %d: %w", n, err)
		}
		s.add(e)
	}
}

func (s *State) add(e entry) {
	switch {
	case e.Begin != nil:
		s.Begin = *e.Begin
	case e.Intent != nil:
		s.Intents++
		s.Open = append(s.Open, *e.Intent)
	case e.Done != "":
		s.Open = slices.DeleteFunc(s.Open, func(i harness.Intent) bool { return i.ID == e.Done })
	}
}
