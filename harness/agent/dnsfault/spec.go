package dnsfault

import (
	"bufio"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness/agent"
)

// Effect is the name of the effect that New makes, Look of that NewLook makes.
const (
	Effect = "dns"
	Look   = "dns-look"
)

// What a query for one of the names is answered with.
const (
	NXDomain = "nxdomain"
	ServFail = "servfail"
	Timeout  = "timeout" // nothing
	Spoof    = "spoof"   // Spec.Address
)

// Spec says which queries are answered with what.
type Spec struct {
	// Names are hit, without regard to case; none means all.
	Names  []string
	Answer string
	// Address is of Spoof.
	Address netip.Addr
	// Servers are the name servers; none means those of resolv.conf.
	Servers []netip.Addr
}

// Args are the spec as an agent gets it.
func (s Spec) Args() map[string]string {
	args := map[string]string{"names": strings.Join(s.Names, ","), "answer": s.Answer}
	if s.Address.IsValid() {
		args["address"] = s.Address.String()
	}
	for i, server := range s.Servers {
		if i > 0 {
			args["servers"] += ","
		}
		args["servers"] += server.String()
	}
	return args
}

func parse(args map[string]string) (s Spec, err error) {
	s = Spec{Names: list(args["names"]), Answer: args["answer"]}
	if !slices.Contains([]string{NXDomain, ServFail, Timeout, Spoof}, s.Answer) {
		return s, fmt.Errorf("argument \"answer\": want one of nxdomain, servfail, timeout, spoof, saw %q", s.Answer)
	}
	if s.Answer == Spoof {
		if s.Address, err = netip.ParseAddr(args["address"]); err != nil {
			return s, fmt.Errorf("argument \"address\": %w", err)
		}
	}
	for _, text := range list(args["servers"]) {
		server, err := netip.ParseAddr(text)
		if err != nil {
			return s, fmt.Errorf("argument \"servers\": %w", err)
		}
		s.Servers = append(s.Servers, server)
	}
	return s, nil
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// hits reports whether a name, as a query has it, is one of those that are hit.
func (s Spec) hits(name string) bool {
	name = strings.TrimSuffix(name, ".")
	return len(s.Names) == 0 || slices.ContainsFunc(s.Names, func(n string) bool { return strings.EqualFold(strings.TrimSuffix(n, "."), name) })
}

// nameServers are those of resolv.conf.
func nameServers() ([]netip.Addr, error) {
	file, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var servers []netip.Addr
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		if server, err := netip.ParseAddr(fields[1]); err == nil {
			servers = append(servers, server.WithZone(""))
		}
	}
	if len(servers) == 0 {
		return nil, errors.New("want a name server in /etc/resolv.conf, saw none")
	}
	return servers, nil
}

// New makes the effect.
func New(args map[string]string) (agent.Effect, error) {
	s, err := parse(args)
	if err != nil {
		return nil, err
	}
	return newEffect(s), nil
}
