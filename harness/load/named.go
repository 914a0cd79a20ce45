package load

import (
	"fmt"
	"strings"
)

// Mixes returns the names of the mixes that Named knows, in a fixed order.
func Mixes() []string { return []string{"browse", "shop"} }

// Writes reports whether a mix writes.
func Writes(mix string) bool { return mix == "shop" }

// Named returns the source of requests that a scenario's load.mix names,
// against the stack whose edge is at baseURL. What a mix writes it writes in the
// name of client; see Shop.
func Named(mix, baseURL string, seed uint64, client string) (Source, error) {
	switch mix {
	case "browse":
		return Browse(baseURL, seed), nil
	case "shop":
		return Shop(baseURL, seed, client), nil
	}
	return nil, fmt.Errorf("find mix %q: want one of %s", mix, strings.Join(Mixes(), ", "))
}
