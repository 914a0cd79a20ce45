package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/stack"
)

// redraw is how often a live display is drawn again.
const redraw = 100 * time.Millisecond

// live is a display on a terminal: a board at the bottom that is redrawn,
// and lines that stay above it.
type live struct {
	columns func() int

	mu     sync.Mutex
	w      io.Writer
	board  board
	drawn  int
	closed bool

	stop chan struct{}
	done chan struct{}
}

// newLive draws on w, whose width columns reports, until it is closed.
func newLive(w io.Writer, t theme, columns func() int) *live {
	l := &live{w: w, columns: columns, board: board{theme: t}, stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

func (l *live) run() {
	defer close(l.done)
	ticker := time.NewTicker(redraw)
	defer ticker.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-ticker.C:
			l.mu.Lock()
			l.draw("")
			l.mu.Unlock()
		}
	}
}

// draw writes the board again, below the line that is to stay if there is
// one. The caller holds l.mu.
func (l *live) draw(stay string) {
	if l.closed {
		return
	}
	var out strings.Builder
	if l.drawn > 0 {
		fmt.Fprintf(&out, "\x1b[%dA\r\x1b[J", l.drawn)
	}
	if stay != "" {
		out.WriteString(stay + "\n")
	}
	lines := l.board.lines(time.Now(), l.columns())
	for _, line := range lines {
		out.WriteString(line + "\n")
	}
	l.drawn = len(lines)
	if out.Len() > 0 {
		fmt.Fprint(l.w, out.String())
	}
}

func (l *live) step(s stack.Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A build can say a thousand things a second: they are drawn when it is time.
	if stay := l.board.take(s, time.Now()); stay != "" {
		l.draw(stay)
	}
}

func (l *live) trial(v trialView) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.board.show(v)
}

func (l *live) trialEnded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.board.clearTrial()
	l.draw("")
}

func (l *live) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draw(fmt.Sprintf(format, args...))
}

func (l *live) close() {
	l.mu.Lock()
	wasClosed := l.closed
	if !wasClosed {
		l.board.steps, l.board.trial = nil, nil
		l.draw("")
		l.closed = true
		close(l.stop)
	}
	l.mu.Unlock()
	<-l.done
}
