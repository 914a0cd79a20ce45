package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/dnsfault"
)

func dnsError() Kind {
	return Kind{
		Action:  "dns-error",
		Summary: "let a replica's look-ups of names fail",
		Explain: "Queries for the names, whoever in the target asks, are answered with NXDOMAIN (there is no such name), with SERVFAIL (the server failed), or not at all. Connections that are open are not touched.",
		Method:  dnsMethod,
		Class:   NetworkShape,
		Proof:   "another agent in the target's network namespace looks the names up in the usual way, and every look-up fails as asked for; for all names it is those of the stack's replicas",
		Undone:  dnsUndone,
		Example: "{action: dns-error, target: {component: gateway, mode: one}, names: all, answer: servfail, at: 0s}",
		Params: []Param{
			free("names", allNames, allNames, "all, or host names with commas between them", "which names are hit", checkNames),
			word("answer", dnsfault.ServFail, "what a query is answered with", dnsfault.NXDomain, dnsfault.ServFail, dnsfault.Timeout),
		},
		bind: func(b Binding) (harness.Fault, error) {
			answer := b.Values["answer"]
			return dnsHold("dns-error", b, b.Values["names"], answer, "", func(c map[string]int64) bool {
				return c["found"] == 0 && c[answer] > 0
			})
		},
	}
}
