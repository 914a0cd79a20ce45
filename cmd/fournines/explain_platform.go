package main

import (
	"cmp"
	"strings"

	"github.com/fournines/fournines/stack"
)

// platformTopic is the word for what the reference platform consists of.
const platformTopic = "platform"

// explainPlatform prints the parts of the reference platform, what each needs,
// and what it is like without each of its features.
func (a *app) explainPlatform() error {
	a.printf("The reference platform has these parts; a run starts those that its scenarios\nhave to do with (`--components` says otherwise).\n\n")
	a.printf("  %-14s%-10s%-14s%s\n", "part", "replicas", "on nodes", "needs")
	for _, part := range stack.Reference() {
		where := "a, b, c"
		if part.Beside {
			where = "beside them"
		}
		a.printf("  %-14s%-10d%-14s%s\n", part.Component, part.Replicas, where, cmp.Or(strings.Join(part.Needs, ", "), "-"))
	}
	a.printf("\nWhat `--without FEATURE` takes away. A scenario that such a mutant passes proves\nnothing about the feature.\n\n")
	for _, feature := range stack.Features() {
		name := feature
		for _, line := range wrapText(stack.Lacking(feature), 57) {
			a.printf("  %-20s%s\n", name, line)
			name = ""
		}
	}
	a.printf("\nWhat the edge can be made of (`--edge`): %s.\n", strings.Join(stack.Edges(), ", "))
	for _, line := range wrapText("nginx checks no gateway by itself, as HAProxy does five times a second: it finds one that is gone by a request that fails, sends that one on to another gateway, and leaves the first alone for a second after two failures. What it says of it is the signal; it reports none while no request was sent.", 77) {
		a.printf("%s\n", line)
	}
	a.printf("\nHow the edge can balance (`--balance`): %s.\n", strings.Join(stack.Balances(), ", "))
	a.printf("What keeps the registrations (`--registry`): %s. The documents stay in etcd, and\nscenarios that hit etcd as the registry hit the other one.\n", strings.Join(stack.Registries(), ", "))
	a.printf("How often the backup tries to restore what it has (`--drill`, or `drill` under a\nscenario's `stack`): every 10m, or 5s to 24h.\n")
	return nil
}
