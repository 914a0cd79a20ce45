package logs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

const (
	// flushEvery is how much of the logs is lost at most when the process is
	// killed.
	flushEvery = time.Second
	// fullBuffer is what is written at once, in bytes.
	fullBuffer = 1 << 20
	// mostWaiting is how many lines wait for the first trial.
	mostWaiting = 1000
)

// Book writes the lines of a run to a file. Its methods may be called
// concurrently. It never fails its caller: Close says what went wrong.
type Book struct {
	path   string
	limits Limits
	tap    func(Record, time.Time)

	mu     sync.Mutex
	file   *os.File
	closed bool
	// buffer holds whole lines that are not in the file yet, size is the file's
	// with them.
	buffer bytes.Buffer
	size   int64
	// now is the trial that lines belong to, before the one before it; waiting
	// are the lines that came before any.
	now, before *trial
	waiting     []line
	allowances  map[string]*allowance
	// err is the first error of the disk, lost how many bytes it cost.
	err  error
	lost int
}

// trial is where times count from.
type trial struct {
	scenario string
	number   int
	base     time.Time
}

// line is what a replica wrote.
type line struct {
	at                 time.Time
	replica, component string
	text               []byte
	size               int
}

// NewBook makes a book that writes to path; the file is made with the first line
// and appended to. tap, if not nil, gets every record that is kept, with its time
// on the wall clock; it is not called concurrently and must not block.
func NewBook(path string, limits Limits, tap func(Record, time.Time)) *Book {
	if tap == nil {
		tap = func(Record, time.Time) {}
	}
	return &Book{path: path, limits: limits, tap: tap, allowances: map[string]*allowance{}}
}

// Begin says that lines from base on belong to a trial. Lines that were added
// before the first trial belong to it too.
func (b *Book) Begin(scenario string, number int, base time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settle()
	for _, a := range b.allowances {
		a.bytes = 0
	}
	b.before, b.now = b.now, &trial{scenario, number, base}
	for _, l := range b.waiting {
		b.keep(l)
	}
	b.waiting = nil
}

// Add keeps a line, or counts it as dropped. size is how many bytes the line had,
// of which text may be the beginning; text must not change afterwards.
func (b *Book) Add(at time.Time, replica, component string, text []byte, size int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := line{at, replica, component, text, size}
	switch {
	case b.closed:
	case b.now != nil:
		b.keep(l)
	case len(b.waiting) < mostWaiting:
		b.waiting = append(b.waiting, l)
	default:
		b.allowance(l).drop(at, fmt.Sprintf("more than %d lines before the first trial", mostWaiting))
	}
}

func (b *Book) allowance(l line) *allowance {
	a := b.allowances[l.replica]
	if a == nil {
		a = &allowance{component: l.component}
		b.allowances[l.replica] = a
	}
	return a
}

// keep is Add once a trial has begun; b.mu is held.
func (b *Book) keep(l line) {
	r := b.record(l.at, l.replica, l.component)
	r.set(l.text, l.size, b.limits.PerLine)
	raw, err := json.Marshal(r)
	if err != nil { // it is valid JSON, and text
		b.err = errors.Join(b.err, err)
		return
	}
	a := b.allowance(l)
	if why := a.fits(b.limits, l.at, int64(len(raw))+1, b.size); why != "" {
		a.drop(l.at, why)
		return
	}
	b.append(raw)
	b.tap(r, l.at)
}

func (b *Book) record(at time.Time, replica, component string) Record {
	t := b.now
	if b.before != nil && at.Before(t.base) {
		t = b.before
	}
	return Record{Scenario: t.scenario, Trial: t.number, At: at.Sub(t.base), Replica: replica, Component: component}
}

func (b *Book) append(raw []byte) {
	b.buffer.Write(raw)
	b.buffer.WriteByte('\n')
	b.size += int64(len(raw)) + 1
	if b.buffer.Len() >= fullBuffer {
		b.write()
	}
}

// settle says what was dropped, and writes; b.mu is held.
func (b *Book) settle() {
	for _, replica := range slices.Sorted(maps.Keys(b.allowances)) {
		a := b.allowances[replica]
		for _, why := range slices.Sorted(maps.Keys(a.dropped)) {
			if b.now == nil {
				continue
			}
			r := b.record(a.from, replica, a.component)
			r.Dropped, r.Why = a.dropped[why], why
			if raw, err := json.Marshal(r); err == nil {
				b.append(raw)
				b.tap(r, a.from)
			}
			delete(a.dropped, why)
		}
	}
	b.write()
}

// write empties the buffer into the file; b.mu is held. After an error the file
// is cut back to whole lines.
func (b *Book) write() {
	defer b.buffer.Reset()
	if b.buffer.Len() == 0 {
		return
	}
	if b.file == nil {
		file, err := os.OpenFile(b.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
		if err != nil {
			b.fail(err)
			return
		}
		b.file = file
	}
	before, err := b.file.Seek(0, 2)
	if err == nil {
		if _, err = b.file.Write(b.buffer.Bytes()); err != nil {
			_ = b.file.Truncate(before)
		}
	}
	if err != nil {
		b.fail(err)
	}
}

func (b *Book) fail(err error) {
	if b.err == nil {
		b.err = err
	}
	b.lost += b.buffer.Len()
	b.size -= int64(b.buffer.Len())
}

// Flush puts everything so far into the file. What is in it outlives the process,
// and not a machine that stops: the disk is the run's, not the logs'.
func (b *Book) Flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.settle()
	}
}

// Keep flushes every second until ctx is done.
func (b *Book) Keep(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.Flush()
		}
	}
}

// Close flushes and closes the file, and says what could not be kept. Lines that
// are added later are ignored. Idempotent.
func (b *Book) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.settle()
	b.closed = true
	err := b.err
	if b.file != nil {
		if closeErr := b.file.Close(); !errors.Is(closeErr, fs.ErrClosed) {
			err = errors.Join(err, closeErr)
		}
	}
	if err != nil {
		return fmt.Errorf("keep logs in %q: %d bytes were lost: %w", b.path, b.lost, err)
	}
	return nil
}
