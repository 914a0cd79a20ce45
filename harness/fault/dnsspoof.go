package fault

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/dnsfault"
)

func dnsSpoof() Kind {
	return Kind{
		Action:  "dns-spoof",
		Summary: "let a replica find a name at another address",
		Explain: "Queries of the target for the name's address are answered with another one: a loopback address, or one that a replica of the stack has. Others are refused, so that no traffic leaves the stack.",
		Method:  dnsMethod,
		Class:   NetworkShape,
		Proof:   "another agent in the target's network namespace looks the name up in the usual way and finds the address alone",
		Undone:  dnsUndone,
		Example: "{action: dns-spoof, target: {component: gateway, mode: one}, name: etcd-1, address: 127.0.0.1, at: 0s}",
		Params: []Param{
			{Name: "name", Required: true, Explain: "the name", Example: "etcd-1", Takes: "a host name", check: func(value string) error {
				if value == allNames || strings.Contains(value, ",") {
					return errors.New("want one name")
				}
				return checkNames(value)
			}},
			free("address", "127.0.0.1", "127.0.0.1", "a loopback address, or one of the stack's own", "where it is found", func(value string) error {
				_, err := netip.ParseAddr(value)
				return err
			}),
		},
		bind: func(b Binding) (harness.Fault, error) {
			return dnsHold("dns-spoof", b, b.Values["name"], dnsfault.Spoof, b.Values["address"], func(c map[string]int64) bool {
				return c["spoofed"] > 0 && c["spoofed"] == c["found"]
			})
		},
	}
}
