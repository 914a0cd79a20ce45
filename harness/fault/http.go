package fault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/httpfault"
)

// The faults of HTTP hit what a service answers: an agent in the target's
// network namespace stands between its clients and its port.

// Server is a target that serves on a port of its own network namespace.
type Server interface {
	Connected
	// ServicePort is the port that clients send their requests to; false when
	// nobody knows.
	ServicePort() (int, bool)
}

const (
	httpMethod = "an agent in the target's network namespace has nftables send the connections to the service's port through a proxy of its own"
	httpUndone = "the table is gone with its agent, which a fresh agent in the namespace sees; connections through the proxy are closed when they have nothing to do, at the latest after half a second; requests from beside another replica are answered as before"
	httpKept   = " New connections are hit from the start; a connection from before is reset when the next request comes in on it, so that clients that keep connections are hit too. It is for HTTP/1 without TLS."
)

// httpParams are those that every fault of HTTP has.
func httpParams(own ...Param) []Param {
	return append(own,
		percentage("percent", 100, 100, "how many of the requests are hit, chosen by the seed"),
		free("path", "/", "/items", "the beginning of a path, such as /items", "only requests whose path begins like this are hit", checkPath),
		free("port", "auto", "8080", "auto or a port from 1 to 65535", "the service's port inside the target; auto is the one that the stack knows", func(value string) error {
			if value == "auto" {
				return nil
			}
			return number("port", 1, 1, 65535, "").check(value)
		}),
	)
}

func checkPath(value string) error {
	if !strings.HasPrefix(value, "/") || strings.ContainsAny(value, " ?#\r\n") {
		return errors.New("want a path")
	}
	return nil
}

// httpHold makes a fault of HTTP. hit reports whether a marked request came
// out as the fault wants it.
func httpHold(action string, b Binding, spec httpfault.Spec, hit func(c map[string]int64) bool) (harness.Fault, error) {
	spec.Path, spec.Share, spec.Seed, spec.Proof = b.Values["path"], b.Values.Fraction("percent"), b.Seed, rand.Text()
	capabilities := []string{"NET_ADMIN"}
	specOf := func(t Target) (agent.Spec, error) {
		own := spec
		port, err := servicePort(t, b.Values.Count("port"))
		own.Port = port
		return agent.Spec{Effect: httpfault.Effect, Args: own.Args()}, err
	}
	if _, err := able[Connected](action, b.Targets); err != nil {
		return nil, err
	}
	for _, t := range b.Targets {
		if _, err := specOf(t); err != nil {
			return nil, fmt.Errorf("%s: %w", action, err)
		}
	}
	return hold{
		action: action, capabilities: capabilities, shares: []string{"net"},
		spec: func(_ context.Context, t Host) (agent.Spec, error) { return specOf(t) },
		effective: func(_ context.Context, _ Host, seen agent.Seen) (bool, string) {
			return seen.Counters["hit"] > 0, seen.Detail
		},
		removed: func(ctx context.Context, t Host) (bool, string) {
			held, err := specOf(t)
			if err != nil {
				return false, err.Error()
			}
			return leftNothing(ctx, t, capabilities, held)
		},
		witness: &witness{
			post: func(ctx context.Context, t Host) (Host, *agent.Spec, error) {
				return httpPost(ctx, t, b, spec)
			},
			whole: func(s agent.Seen) (bool, string) {
				c := s.Counters
				if spec.Kind == httpfault.Body && c["control-bytes"] < 2 && c["control-status"] != 0 {
					return false, "an answer without a body that could be spoilt: set the parameter \"path\" to one that has; " + s.Detail
				}
				return s.Active && c["reset"] == 0 && c["status"] == c["control-status"] && !hit(c), s.Detail
			},
			broken: func(s agent.Seen) (bool, string) { return hit(s.Counters), s.Detail },
		},
	}.bind(b)
}

// servicePort is the port given, or the one that the stack knows.
func servicePort(t Target, given int) (uint16, error) {
	if given > 0 {
		return uint16(given), nil
	}
	if server, ok := t.(Server); ok {
		if port, ok := server.ServicePort(); ok {
			return uint16(port), nil
		}
	}
	return 0, fmt.Errorf("want the port that %q serves on, which the stack does not know: set the parameter \"port\", or the label io.fournines.port on an attached container", t.Name())
}

// httpPost is what looks at the service of t, and beside whom: another replica
// on a network of the target, of another component if there is one, which is
// more likely a client; or else the target itself.
func httpPost(ctx context.Context, t Host, b Binding, spec httpfault.Spec) (Host, *agent.Spec, error) {
	port, err := servicePort(t, b.Values.Count("port"))
	if err != nil {
		return nil, nil, err
	}
	all, err := t.(Connected).Addresses(ctx)
	if err != nil || len(all) == 0 {
		return nil, nil, errors.Join(fmt.Errorf("want an address of %q to look at, saw none", t.Name()), err)
	}
	look := &agent.Spec{Effect: httpfault.Look, Args: map[string]string{
		"url": "http://" + netip.AddrPortFrom(all[0], port).String() + spec.Path, "proof": spec.Proof,
	}}
	beside := t
	for _, r := range b.Replicas {
		h, ok := r.(Host)
		if !ok || slices.ContainsFunc(b.Targets, func(t Target) bool { return t.Name() == r.Name() }) || !neighbours(ctx, h, t) {
			continue
		}
		if status, err := h.Status(ctx); err != nil || status != running {
			continue
		}
		if !kin(h.Name(), t.Name()) {
			return h, look, nil
		}
		beside = h
	}
	return beside, look, nil
}

// neighbours reports whether two replicas are on one network.
func neighbours(ctx context.Context, a, b Host) bool {
	here, ok := a.(Disconnecter)
	there, ok2 := b.(Disconnecter)
	if !ok || !ok2 {
		return false
	}
	ours, err := here.Networks(ctx)
	theirs, err2 := there.Networks(ctx)
	if err != nil || err2 != nil {
		return false
	}
	for name := range ours {
		if _, ok := theirs[name]; ok {
			return true
		}
	}
	return false
}

// kin reports whether two replicas seem to be of one component.
func kin(a, b string) bool {
	return strings.TrimRight(a, "0123456789") == strings.TrimRight(b, "0123456789")
}

// leftNothing reports whether a target is as before and a fresh agent beside
// it sees nothing in the kernel of what spec does. A target that has ended has
// taken everything along.
func leftNothing(ctx context.Context, t Host, capabilities []string, spec agent.Spec) (bool, string) {
	if status, err := t.Status(ctx); err == nil && status == exited {
		return true, ""
	}
	if ok, saw := asBefore(ctx, t); !ok {
		return false, saw
	}
	link, err := t.Agent(ctx, capabilities, []string{"net"})
	if err != nil {
		return false, fmt.Sprintf("start an agent that looks beside %q: %v", t.Name(), err)
	}
	c := agent.Dial(link)
	var seen agent.Seen
	if _, err = c.Prepare(ctx, spec); err == nil {
		seen, err = c.Seen(ctx)
	}
	if err = errors.Join(err, c.Close()); err != nil {
		return false, err.Error()
	}
	return !seen.Active, seen.Detail
}

// leastLatency and mostLatency bound a delay: less is not seen beside what a
// request takes anyway, and more is not proved before its proof is overdue.
const (
	leastLatency = 5 * time.Millisecond
	mostLatency  = 3 * time.Second
)

// plausible checks a status code.
func plausible(value string) error {
	n, err := strconv.Atoi(value)
	if err == nil && (n < 400 || n > 599) {
		err = errors.New("out of range")
	}
	return err
}
