package load

import (
	"fmt"
	"strings"
)

// Mixes returns the names of the mixes that Named knows, in a fixed order.
func Mixes() []string { return []string{"browse"} }

// Named returns the source of requests that a scenario's load.mix names,
// against the stack whose edge is at baseURL.
func Named(mix, baseURL string, seed uint64) (Source, error) {
	switch mix {
	case "browse":
		return Browse(baseURL, seed), nil
	}
	return nil, fmt.Errorf("find mix %q: want one of %s", mix, strings.Join(Mixes(), ", "))
}
