package logs

import "time"

// Filter chooses records. The zero value takes all; every field that is set must
// hold.
type Filter struct {
	Scenario           string
	Trial              int
	Replica, Component string
	// Since and Until bound At; nil for no bound. Both ends belong to it.
	Since, Until *time.Duration
	// Request is the ID of a request that the line names.
	Request string
	// Level is the least; lines that say none are left out.
	Level Level
}

// Match reports whether the filter takes r. Where lines were dropped counts for
// every level, and for no request.
func (f Filter) Match(r Record) bool {
	switch {
	case f.Scenario != "" && r.Scenario != f.Scenario,
		f.Trial != 0 && r.Trial != f.Trial,
		f.Replica != "" && r.Replica != f.Replica,
		f.Component != "" && r.Component != f.Component,
		f.Since != nil && r.At < *f.Since,
		f.Until != nil && r.At > *f.Until,
		f.Request != "" && !r.Has(f.Request),
		f.Level != Unknown && r.Dropped == 0 && r.Level() < f.Level:
		return false
	}
	return true
}
