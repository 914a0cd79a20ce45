package docker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/api/types/jsonstream"
)

// tailLines is how many lines of output an error quotes.
const tailLines = 12

// tail keeps the last lines of an output.
type tail struct{ lines []string }

func (t *tail) add(line string) {
	t.lines = append(t.lines, line)
	if len(t.lines) > tailLines {
		t.lines = t.lines[1:]
	}
}

func (t *tail) String() string { return strings.Join(t.lines, "\n") }

// follow reads the engine's messages about a build, a pull or an import until
// they end, and passes every line on. The error is what the engine says went
// wrong, with the last lines before it.
func follow(r io.Reader, say func(string)) error {
	decoder := json.NewDecoder(r)
	var last tail
	for {
		var m jsonstream.Message
		switch err := decoder.Decode(&m); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the engine's answer: %w", err)
		}
		if m.Error != nil {
			if last.lines == nil {
				return errors.New(m.Error.Message)
			}
			return fmt.Errorf("%s; its last lines were:\n%s", m.Error.Message, &last)
		}
		for line := range strings.Lines(text(m)) {
			// Programs draw progress with carriage returns: the last state counts.
			line = strings.TrimRight(line, "\r\n")
			line = strings.TrimSpace(line[strings.LastIndex(line, "\r")+1:])
			if line != "" {
				last.add(line)
				say(line)
			}
		}
	}
}

// text is a message in words.
func text(m jsonstream.Message) string {
	if m.Stream != "" {
		return m.Stream
	}
	s := m.Status
	if m.ID != "" {
		s = m.ID + ": " + s
	}
	if p := m.Progress; p != nil && p.Total > 0 {
		s += fmt.Sprintf(" %d %%", p.Current*100/p.Total)
	}
	return s
}
