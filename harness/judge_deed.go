package harness

import (
	"fmt"
	"slices"
	"strings"
)

// deed says in plain words what was done to the stack in the first trial:
// "killing one of three catalog replicas"; "" when nothing was planned.
func deed(sound []judged) string {
	if len(sound) == 0 {
		return ""
	}
	ev := sound[0].ev
	var deeds []string
	for _, in := range ev.Plan.Injections {
		d := strings.TrimSpace(gerund(in.Action) + " " + object(in.Targets, ev.Stack.Targets))
		if !slices.Contains(deeds, d) {
			deeds = append(deeds, d)
		}
	}
	return strings.Join(deeds, " and ")
}

// gerund is what an action does, as the start of a phrase that ends in its
// object.
func gerund(action string) string {
	switch action {
	case NoopAction:
		return "injecting nothing"
	case "container-kill", "leader-kill", "prometheus-kill", "alertmanager-kill", "process-kill":
		return "killing"
	case "container-pause", "process-pause", "node-pause":
		return "freezing"
	case "traffic-spike", "retry-storm", "connection-churn", "slow-clients":
		return "a " + action + " of clients"
	case "container-stop":
		return "stopping"
	case "container-restart":
		return "restarting"
	case "container-remove":
		return "removing"
	case "network-disconnect", "node-isolate", "scrape-outage":
		return "cutting off"
	case "process-crash-loop":
		return "repeatedly killing"
	case "node-stop", "zone-outage", "quorum-loss":
		return "taking down"
	case "lease-expiry":
		return "ending the lease of"
	case "cert-rotate":
		return "renewing the certificate of"
	case "cert-expired":
		return "letting the certificate expire of"
	case "cert-wrong-host":
		return "showing another host's certificate on"
	case "lb-weight-skew":
		return "giving the wrong weights to"
	case "edge-reload":
		return "reloading"
	case "stale-registration":
		return "announcing a dead instance beside"
	case "bad-config-rollout", "rate-limit-too-low":
		return "rolling out a bad configuration through"
	case "config-centre-outage":
		return "cutting the config centre off from"
	default:
		return "injecting " + action + " into"
	}
}

// object is the part of the stack that was hit: "one of three catalog
// replicas", "catalog-1 and gateway-2".
func object(names []string, stack []Target) string {
	if len(names) == 0 {
		return ""
	}
	component, same := "", true
	for _, name := range names {
		i := slices.IndexFunc(stack, func(t Target) bool { return t.Name == name })
		if i < 0 {
			same = false
			break
		}
		if component == "" {
			component = stack[i].Component
		}
		same = same && stack[i].Component == component
	}
	if !same || component == "" {
		return listed(names)
	}
	total := 0
	for _, t := range stack {
		if t.Component == component {
			total++
		}
	}
	switch {
	case total == 1:
		return "the only " + component + " replica"
	case len(names) == total:
		return fmt.Sprintf("all %s %s replicas", spelled(total), component)
	}
	return fmt.Sprintf("%s of %s %s replicas", spelled(len(names)), spelled(total), component)
}

func listed(names []string) string {
	if len(names) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// spelled writes small numbers as words.
func spelled(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return formatCount(n)
}
