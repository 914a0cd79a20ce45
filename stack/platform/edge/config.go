// Package edge is the reference platform's other load balancer: Debian's nginx,
// and the program that renders its configuration, runs it, follows the
// gateways' addresses and says how it is.
//
// The program is never between a client and a gateway. What it does is what
// nginx leaves to others: it looks names up again, counts answers by their code,
// and dates what nginx says of the gateways.
package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
)

// Features are what an edge may lack. nginx sends a request again only to
// another gateway, so that without redispatch it sends none again.
const (
	RetriesFeature      = "retries"
	RedispatchFeature   = "redispatch"
	HealthChecksFeature = "health-checks"
)

// features are those that Config.Without may name.
var features = [...]string{RetriesFeature, RedispatchFeature, HealthChecksFeature}

// MostWeight is the largest weight of a gateway.
const MostWeight = 256

// Gateway is where requests may be sent.
type Gateway struct {
	// Name is the gateway's, in DNS and in its certificate.
	Name string
	Port uint16
	// Weight is its share beside those of the others, from 0 (none) to
	// MostWeight.
	Weight int
}

// Config is what an edge needs.
type Config struct {
	// Name is the replica's name.
	Name string
	// Admin is the listener of /-/live, /-/ready, /metrics, StatePath and the
	// transitions.
	Admin net.Listener
	// Listen is what nginx listens on for clients: a port, or address:port.
	Listen string
	// Status is a loopback address:port on which nginx says how it is.
	Status string
	// Scratch is a directory of this program's alone; it need not outlive it.
	Scratch string
	// Program is nginx.
	Program string
	// Gateways are all that there are, whether they run or not.
	Gateways []Gateway
	// Balance is one of stack.Balances. The weights count whatever it is.
	Balance string
	// Certificate is the PEM file with certificate and key that clients are
	// shown, Authority that of whom gateways have to be certified by; both
	// are empty for an edge without TLS.
	Certificate, Authority string
	// Without are features that are off.
	Without []string
	// Lookup finds a gateway's address; nil asks DNS.
	Lookup func(ctx context.Context, name string) (netip.Addr, error)
	// LookEvery is the pause between two lookups of a name.
	LookEvery time.Duration
	// Log receives nginx's lines too.
	Log *slog.Logger
}

// hostName is what names that become part of nginx's configuration look like.
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

// plainPath is what paths in nginx's configuration look like.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9._/-]*$`)

// Check returns everything that is wrong with the configuration at once.
func (c Config) Check() error {
	var problems []error
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf("edge: "+format, args...)) }
	if len(c.Gateways) == 0 {
		bad("there is no gateway, want at least one")
	}
	for _, g := range c.Gateways {
		switch {
		case !hostName.MatchString(g.Name):
			bad("gateway %q: want a host name", g.Name)
		case g.Port == 0:
			bad("gateway %q: want a port", g.Name)
		case g.Weight < 0 || g.Weight > MostWeight:
			bad("gateway %q: weight is %d, want 0 to %d", g.Name, g.Weight, MostWeight)
		}
	}
	if !slices.Contains(stack.Balances(), c.Balance) {
		bad("balance is %q, want one of %s", c.Balance, strings.Join(stack.Balances(), ", "))
	}
	for _, f := range c.Without {
		if !slices.Contains(features[:], f) {
			bad("without %q: want one of %s", f, strings.Join(features[:], ", "))
		}
	}
	if (c.Certificate == "") != (c.Authority == "") {
		bad("want a certificate and an authority, or neither")
	}
	for _, path := range []string{c.Scratch, c.Certificate, c.Authority} {
		if path != "" && !plainPath.MatchString(path) {
			bad("path %q: want an absolute one of letters, digits and ._-/", path)
		}
	}
	if c.Scratch == "" {
		bad("want a scratch directory")
	}
	if _, err := netip.ParseAddrPort(c.Status); err != nil {
		bad("status is %q, want address:port", c.Status)
	}
	if port, err := strconv.ParseUint(c.Listen, 10, 16); err != nil || port == 0 {
		if _, err := netip.ParseAddrPort(c.Listen); err != nil {
			bad("listen is %q, want a port or address:port", c.Listen)
		}
	}
	return errors.Join(problems...)
}

// has reports whether the edge has a feature.
func (c Config) has(feature string) bool { return !slices.Contains(c.Without, feature) }

// file is a path in the scratch directory.
func (c Config) file(name string) string { return filepath.Join(c.Scratch, name) }

// scheme is how gateways are spoken to.
func (c Config) scheme() string {
	if c.Certificate == "" {
		return "http"
	}
	return "https"
}

// parseGateway reads "name:port" or "name:port=weight".
func parseGateway(text string) (Gateway, error) {
	address, weight, weighted := strings.Cut(text, "=")
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return Gateway{}, fmt.Errorf("want name:port=weight, saw %q", text)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return Gateway{}, fmt.Errorf("want name:port=weight, saw %q", text)
	}
	g := Gateway{Name: host, Port: uint16(number), Weight: 1}
	if weighted {
		if g.Weight, err = strconv.Atoi(weight); err != nil {
			return Gateway{}, fmt.Errorf("want name:port=weight, saw %q", text)
		}
	}
	return g, nil
}
