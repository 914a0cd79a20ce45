package inproc

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/feed"
)

// keptLines is how many lines the stack remembers for those who ask for what was
// written before they came.
const keptLines = 2000

// logs takes what the programs write and hands it to all who follow. It is safe
// for concurrent use; the zero value is ready.
type logs struct {
	mu   sync.Mutex
	kept []stack.LogLine // the latest, at most keptLines
	feed feed.Feed[stack.LogLine]
}

var _ stack.Logs = (*Stack)(nil)

// FollowLogs emits the programs' log lines. Of those written before the call it
// remembers the latest 2,000.
func (s *Stack) FollowLogs(ctx context.Context, from time.Time, emit func(stack.LogLine)) error {
	s.logs.mu.Lock()
	before := s.logs.kept[:len(s.logs.kept):len(s.logs.kept)]
	follow := s.logs.feed.Subscribe()
	s.logs.mu.Unlock()
	one := func(l stack.LogLine) {
		if !l.Time.Before(from) {
			emit(l)
		}
	}
	for _, l := range before {
		one(l)
	}
	follow(ctx, one)
	return nil
}

func (l *logs) add(line stack.LogLine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) >= 2*keptLines { // a new array: readers may hold the old one
		l.kept = append([]stack.LogLine(nil), l.kept[len(l.kept)-keptLines+1:]...)
	}
	l.kept = append(l.kept, line)
	l.feed.Publish(line)
}

// log is where a replica's program writes its lines: the stack keeps them, and
// Options.Log gets them too.
func (s *Stack) log(component, replica string) io.Writer {
	return &logWriter{stack: s, component: component, replica: replica}
}

// logWriter takes whole lines, as slog's handlers write them.
type logWriter struct {
	stack              *Stack
	component, replica string
}

func (w *logWriter) Write(p []byte) (int, error) {
	now := time.Now()
	for text := range bytes.Lines(p) {
		text = bytes.TrimRight(text, "\r\n")
		w.stack.logs.add(stack.LogLine{
			Time: now, Replica: w.replica, Component: w.component,
			Text: bytes.Clone(text[:min(len(text), stack.LogLineBytes)]), Size: len(text),
		})
	}
	return w.stack.options.Log.Write(p)
}
