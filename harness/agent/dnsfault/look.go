package dnsfault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// lookPatience is how long a look waits for the resolver.
const lookPatience = 1500 * time.Millisecond

// NewLook makes the effect of an agent that looks names up as everybody in its
// namespace does, and changes nothing. Its arguments are "names" and
// "address". Counters are how many names were "found", of those how many only
// at the address ("spoofed"), and how many were not: "nxdomain", "timeout" or
// otherwise ("servfail").
func NewLook(args map[string]string) (agent.Effect, error) {
	names := list(args["names"])
	if len(names) == 0 {
		return nil, errors.New("argument \"names\": want the names to look up")
	}
	return look{names, args["address"], net.DefaultResolver}, nil
}

type look struct {
	names    []string
	address  string
	resolver *net.Resolver
}

func (look) Before(context.Context) (map[string]string, error) { return nil, nil }
func (look) Apply(context.Context) error                       { return nil }
func (look) Undo(context.Context, map[string]string) error     { return nil }

// Seen implements agent.Effect. It is active when a name was found.
func (l look) Seen(ctx context.Context) (agent.Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	seen := agent.Seen{Counters: map[string]int64{"found": 0, "spoofed": 0, "nxdomain": 0, "timeout": 0, "servfail": 0}}
	said := make([]string, len(l.names))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, name := range l.names {
		wg.Go(func() {
			found, err := l.resolver.LookupHost(ctx, strings.TrimSuffix(name, ".")+".")
			mu.Lock()
			defer mu.Unlock()
			said[i] = fmt.Sprintf("%s: %v", name, found)
			if err != nil {
				said[i] = err.Error()
			}
			var failed *net.DNSError
			switch {
			case err == nil:
				seen.Counters["found"]++
				if len(found) == 1 && found[0] == l.address {
					seen.Counters["spoofed"]++
				}
			case errors.As(err, &failed) && failed.IsNotFound:
				seen.Counters["nxdomain"]++
			case ctx.Err() != nil || errors.As(err, &failed) && failed.IsTimeout:
				seen.Counters["timeout"]++
			default:
				seen.Counters["servfail"]++
			}
		})
	}
	wg.Wait()
	seen.Active, seen.Detail = seen.Counters["found"] > 0, strings.Join(said, "; ")
	return seen, nil
}
