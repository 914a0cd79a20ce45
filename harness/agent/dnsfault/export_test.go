package dnsfault

import (
	"net"

	"github.com/fournines/fournines/harness/agent"
)

// LookThrough is NewLook with a resolver of one's own.
func LookThrough(r *net.Resolver, address string, names ...string) agent.Effect {
	return look{names, address, r}
}
