package stack

import (
	"context"
	"time"
)

// Logs is a stack that lets the output of its replicas be read. Reading changes
// nothing in it.
type Logs interface {
	// FollowLogs emits what the replicas write from a time on, until ctx is done:
	// each line once, those of one replica in its order, also over restarts and
	// of containers that are made anew or placed meanwhile. How far back a stack
	// remembers is its own; from is meant to lie in the last minute. emit is
	// never called concurrently, nor after FollowLogs has returned.
	//
	// What cannot be followed is tried again until ctx is done. Then the error
	// says of what lines may be missing; it is nil when nothing is known to.
	FollowLogs(ctx context.Context, from time.Time, emit func(LogLine)) error
}

// LogLine is one line that a replica wrote.
type LogLine struct {
	// Time is when the line was written, as whoever took it saw it: a program
	// whose clock is wrong is not asked.
	Time               time.Time
	Replica, Component string
	// Text has no line break at its end and at most LogLineBytes bytes; Size is
	// how many bytes the line had. The receiver may keep Text.
	Text []byte
	Size int
}

// LogLineBytes is the longest line that is passed on whole; of a longer one the
// beginning is.
const LogLineBytes = 16 << 10
