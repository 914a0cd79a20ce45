package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func scrapeOutage() Kind {
	return Kind{
		Action:  "scrape-outage",
		Summary: "cut the monitoring off from what it watches",
		Explain: "Prometheus and the replicas of the stack do not reach each other: it goes on and believes that all of them are down. What they do for users is untouched, and whoever asks Prometheus itself has an answer. " +
			"Where no agent can run beside it, it is taken off its networks instead: then nobody can read what it believes.",
		Method:      cutMethod + "; without agents the container engine disconnects the container from its networks",
		Class:       NetworkCut,
		Proof:       "another agent beside Prometheus has no answer to fresh connections from any replica, and the rule of each has dropped packets; disconnected, the engine lists it on no network and its API is not answered",
		Undone:      cutUndone + "; disconnected, its settings are compared with those before",
		Example:     "{action: scrape-outage, target: {component: prometheus}, at: 0s, duration: 10s}",
		DefaultMode: harness.All,
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("scrape-outage", prometheusComponent, b.Targets); err != nil {
				return nil, err
			}
			if !attended(b.Targets...) {
				return disconnect("scrape-outage", b.Targets)
			}
			return cut{action: "scrape-outage", peers: othersOf(b), config: netcut.Config{In: true, Out: true}}.bind(b)
		},
	}
}
