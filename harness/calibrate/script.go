package calibrate

import (
	"math/rand/v2"
	"time"
)

// Case is one scripted piece of misbehaviour.
type Case struct {
	// At counts from the start of the script.
	At     time.Duration `json:"atNs"`
	Length time.Duration `json:"lengthNs"`
	Mode   Mode          `json:"mode"`
}

// flapPart is how long a flapping target is down, and then well.
const flapPart = 80 * time.Millisecond

// Gaps between cases: a least one and up to spareGap more. Half of the least is
// what a case's own slices may take on each side; see bySlices.
const (
	leastGap = 400 * time.Millisecond
	quickGap = 200 * time.Millisecond
	spareGap = 60 * time.Millisecond
)

// kinds is what a script is made of: for each mode the lengths in ms.
type kinds map[Mode][]int

var (
	// fullKinds spreads short outages evenly on a logarithmic scale; 3 s and
	// 10 s are drawn a mode each.
	fullKinds = kinds{
		Refused:       {20, 30, 50, 80, 130, 200, 350, 600, 1000},
		Hung:          {20, 30, 50, 80, 130, 200, 350, 600, 1000},
		Erring:        {20, 30, 50, 80, 130, 200, 350, 600, 1000},
		Slow:          {20, 30, 50, 80, 130, 200, 350, 600, 1000},
		Flapping:      {640, 1280},
		Partial:       {1000, 3000},
		OneConnection: {500, 1000},
	}
	fullLong = []time.Duration{3 * time.Second, 10 * time.Second}

	quickKinds = kinds{
		Refused: {20, 120}, Hung: {20, 120}, Erring: {20, 120}, Slow: {20, 120},
		Flapping: {480}, Partial: {600}, OneConnection: {300},
	}
)

// Script draws the cases of one arm, in order of time and with gaps between
// them: all kinds, in an order and at times that depend on seed alone.
func Script(seed uint64, quick bool) []Case {
	rng := rand.New(rand.NewPCG(seed, 1))
	content, gap := fullKinds, leastGap
	if quick {
		content, gap = quickKinds, quickGap
	}
	var cases []Case
	for _, mode := range modes {
		for _, ms := range content[mode] {
			cases = append(cases, Case{Length: time.Duration(ms) * time.Millisecond, Mode: mode})
		}
	}
	if !quick {
		for _, length := range fullLong {
			cases = append(cases, Case{Length: length, Mode: longModes[rng.IntN(len(longModes))]})
		}
	}
	rng.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	at := time.Duration(0)
	for i := range cases {
		// To the nanosecond, so that every phase of the schedule is hit.
		at += gap + time.Duration(rng.Int64N(int64(spareGap)))
		cases[i].At = at
		at += cases[i].Length
	}
	return cases
}

// longModes may last for 10 s.
var longModes = [...]Mode{Refused, Hung, Erring, Slow}

// lengthOf is how long a script takes, the gap behind its last case included.
func lengthOf(script []Case) time.Duration {
	if len(script) == 0 {
		return 0
	}
	last := script[len(script)-1]
	return last.At + last.Length + leastGap
}

// parts are the times of a case at which the target is down, from its start.
func (c Case) parts() []Case {
	if c.Mode != Flapping {
		return []Case{{At: 0, Length: c.Length, Mode: c.Mode}}
	}
	var parts []Case
	for at := time.Duration(0); at+flapPart <= c.Length; at += 2 * flapPart {
		parts = append(parts, Case{At: at, Length: flapPart, Mode: c.Mode})
	}
	return parts
}
