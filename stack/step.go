package stack

import "time"

// Step is one report of long work: bringing a stack up or down. A step is
// reported once when it starts and once when it ends.
type Step struct {
	// Name says what is being done: "build platform image".
	Name string
	// Detail is for people: "debootstrap: unpacking base system".
	Detail string
	// Ended is false when the step starts or reports progress.
	Ended bool
	// Took is how long an ended step took.
	Took time.Duration
	// Err is why an ended step failed; nil when it succeeded.
	Err error
	// Done and Total count work within the step; 0 when not countable.
	Done, Total int
}

// Progress receives steps. It may be called concurrently and must not block.
type Progress func(Step)
