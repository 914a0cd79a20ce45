package harness

import (
	"slices"
	"strings"
)

// mostServed is how many replicas' names are kept in a trial: more than any
// stack has that is tested here, and a bound on what answers can make of it.
const mostServed = 64

// served are the names that a trial has counted so far.
type served map[string]string

// count adds one answer to the replicas that it names; of one that names a
// replica twice it is counted once.
func (s served) count(in *Second, names []string) {
	if s == nil || len(names) == 0 {
		return
	}
	if in.Served == nil {
		in.Served = map[string]int{}
	}
	for i, name := range names {
		if !slices.Contains(names[:i], name) {
			in.Served[s.known(name)]++
		}
	}
}

// known is the name under which a replica is counted.
func (s served) known(name string) string {
	if kept, ok := s[name]; ok {
		return kept
	}
	if len(s) >= mostServed {
		return Others
	}
	name = strings.Clone(name) // and not the whole answer that it is a part of
	s[name] = name
	return name
}
