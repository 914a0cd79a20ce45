package docker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// logStream is one container and what was read of it.
type logStream struct {
	id, replica, component string
	// open says that a goroutine reads it, again that it was started since that
	// one last looked.
	open, again bool
	// last is the time of the latest line, and lines is how many had that time.
	last  time.Time
	lines int
	// from is where the present reading begins; skip is how many more lines of
	// that very time were read before.
	from time.Time
	skip int
}

// read passes lines on until the engine ends the stream: the container has ended,
// or the connection broke. It returns how many lines there were.
func (s *logStream) read(ctx context.Context, e *engine, emit func(stack.LogLine)) (lines int, err error) {
	inspected, err := e.api.ContainerInspect(ctx, s.id, client.ContainerInspectOptions{})
	if err != nil {
		return 0, err
	}
	logs, err := e.api.ContainerLogs(ctx, s.id, client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Timestamps: true, Follow: true,
		Since: fmt.Sprintf("%d.%09d", s.last.Unix(), s.last.Nanosecond()),
	})
	if err != nil {
		return 0, err
	}
	defer logs.Close()
	s.from, s.skip = s.last, s.lines
	one := func(text []byte, size int) {
		if line, ok := s.line(text, size); ok {
			lines++
			emit(line)
		}
	}
	out, errs := &lineSplitter{emit: one}, &lineSplitter{emit: one}
	if config := inspected.Container.Config; config != nil && config.Tty {
		_, err = io.Copy(out, logs)
	} else {
		_, err = stdcopy.StdCopy(out, errs, logs)
	}
	out.end()
	errs.end()
	if errors.Is(err, io.ErrUnexpectedEOF) { // the engine went away in the middle of a line
		err = nil
	}
	return lines, err
}

// running reports whether the container has more to say.
func (s *logStream) running(ctx context.Context, e *engine) (bool, error) {
	result, err := e.api.ContainerInspect(ctx, s.id, client.ContainerInspectOptions{})
	if err != nil {
		return false, err
	}
	return result.Container.State != nil && result.Container.State.Running, nil
}

// line takes the engine's time off a line; false for one that was passed on
// before. size is how long it was with the time.
func (s *logStream) line(text []byte, size int) (stack.LogLine, bool) {
	stamp, rest, found := bytes.Cut(text, []byte{' '})
	at, err := time.Parse(time.RFC3339Nano, string(stamp))
	if !found || err != nil { // not of the engine: nothing is known of it but that it is here
		at, rest = s.last, text
	}
	switch { // the times of both outputs are not quite in order
	case at.Before(s.from):
		return stack.LogLine{}, false
	case at.Equal(s.from) && s.skip > 0:
		s.skip--
		return stack.LogLine{}, false
	case at.After(s.last):
		s.last, s.lines = at, 1
	case at.Equal(s.last):
		s.lines++
	}
	size -= len(text) - len(rest)
	if content, ok := bytes.CutSuffix(rest, []byte{'\r'}); ok { // of a terminal
		rest, size = content, size-1
	}
	if len(rest) == 0 {
		return stack.LogLine{}, false
	}
	return stack.LogLine{
		Time: at, Replica: s.replica, Component: s.component, Size: size,
		Text: bytes.Clone(rest[:min(len(rest), stack.LogLineBytes)]),
	}, true
}

// lineSplitter passes whole lines on, of long ones the beginning.
type lineSplitter struct {
	emit func(text []byte, size int)
	line []byte
	size int
}

// longestLine leaves room for the engine's time.
const longestLine = stack.LogLineBytes + 64

func (l *lineSplitter) Write(p []byte) (int, error) {
	for text := range bytes.Lines(p) {
		content, whole := bytes.CutSuffix(text, []byte{'\n'})
		l.size += len(content)
		l.line = append(l.line, content[:min(len(content), longestLine-len(l.line))]...)
		if whole {
			l.pass()
		}
	}
	return len(p), nil
}

// end passes on what has no line break.
func (l *lineSplitter) end() {
	if l.size > 0 {
		l.pass()
	}
}

func (l *lineSplitter) pass() {
	l.emit(l.line, l.size)
	l.line, l.size = l.line[:0], 0
}
