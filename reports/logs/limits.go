package logs

import (
	"fmt"
	"time"
)

// Limits bound what is kept of a run.
type Limits struct {
	// PerSecond is the most lines that one replica may log in a second, PerTrial
	// the most bytes of one replica in a trial, Whole the most of all, PerLine of
	// one line. Bytes are those of the file, but for PerLine.
	PerSecond       int
	PerTrial, Whole int64
	PerLine         int
}

// DefaultLimits keep a run of a suite below 64 MiB. The reference platform logs
// some hundred lines in a trial: what comes near these limits is a program that
// repeats itself.
func DefaultLimits() Limits {
	return Limits{PerSecond: 200, PerTrial: 4 << 20, Whole: 64 << 20, PerLine: 8 << 10}
}

// allowance is what became of one replica's lines.
type allowance struct {
	component string
	// second is that of the latest line, and lines how many it had.
	second int64
	lines  int
	// bytes are those of the trial.
	bytes int64
	// dropped counts by rule since it was last said, from is the first one's
	// time.
	dropped map[string]int
	from    time.Time
}

// fits decides about one line of size bytes in the file, of which all hold whole
// already; empty is that it is kept, else by what rule it is not.
func (a *allowance) fits(l Limits, at time.Time, size, whole int64) string {
	if second := at.Unix(); second != a.second {
		a.second, a.lines = second, 0
	}
	a.lines++
	switch {
	case a.lines > l.PerSecond:
		return fmt.Sprintf("more than %d lines in a second", l.PerSecond)
	case a.bytes+size > l.PerTrial:
		return fmt.Sprintf("more than %d bytes in a trial", l.PerTrial)
	case whole+size > l.Whole:
		return fmt.Sprintf("more than %d bytes in all", l.Whole)
	}
	a.bytes += size
	return ""
}

// drop counts a line that is not kept.
func (a *allowance) drop(at time.Time, why string) {
	if len(a.dropped) == 0 {
		a.dropped, a.from = map[string]int{}, at
	}
	a.dropped[why]++
}
