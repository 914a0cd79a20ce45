package docker

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/stack"
)

// leaseForEver is longer than any run: a registration that nobody renews stays.
const leaseForEver = "24h"

// gatewayFeatures are those that the gateway switches off itself.
var gatewayFeatures = [...]string{"retries", "redispatch", "health-checks", "outlier-ejection", "registry-cache", "auth", "rate-limit", "admission", "breaker", "hedging", "config-validation"}

// ordersFeatures are those that orders switches off itself.
var ordersFeatures = [...]string{"durability"}

// edgeFeatures are those that the edge switches off itself: HAProxy's
// configuration asks the environment for them.
var edgeFeatures = [...]string{"retries", "redispatch", "health-checks"}

// mutate takes features from the recipes, in every part that has them.
func mutate(all []recipe, c stack.Choices) []recipe {
	for i := range all {
		r := &all[i]
		switch r.component {
		case "gateway":
			if off := missing(c, gatewayFeatures[:]); len(off) > 0 {
				r.command = append(r.command, "--without", strings.Join(off, ","))
			}
		case "orders":
			if off := missing(c, ordersFeatures[:]); len(off) > 0 {
				r.command = append(r.command, "--without", strings.Join(off, ","))
			}
		case "edge":
			if off := missing(c, edgeFeatures[:]); r.own && len(off) > 0 {
				r.command = append(r.command, "--without", strings.Join(off, ","))
				continue
			}
			for _, feature := range missing(c, edgeFeatures[:]) {
				r.environment = append(r.environment, "WITHOUT_"+strings.ToUpper(strings.ReplaceAll(feature, "-", "_"))+"=1")
			}
		case "db":
			if !c.Has("wal-archive") {
				r.command = append(r.command, "--archive=false")
			}
		case stack.Backup:
			if !c.Has("wal-archive") {
				r.command = append(r.command, "--stream=false")
			}
			if !c.Has(stack.RestoreVerify) {
				r.command = append(r.command, "--drill", "0s")
			}
		case "prometheus":
			if !c.Has("alerts") {
				r.command = withoutRules(r.command)
			}
		}
		if at := slices.Index(r.command, "--lease-ttl"); at >= 0 && !c.Has("lease-ttl") {
			r.command[at+1] = leaseForEver
		}
		if r.drains && !c.Has("drain") {
			r.command = append(r.command, "--drain", "0s")
		}
	}
	return all
}

// missing are those of features that the platform lacks.
func missing(c stack.Choices, features []string) (off []string) {
	for _, f := range features {
		if !c.Has(f) {
			off = append(off, f)
		}
	}
	return off
}

// withoutRules starts Prometheus with its configuration but for the rules.
func withoutRules(command []string) []string {
	const config, own = "--config.file=", "/scratch/without-alerts.yml"
	args := slices.Clone(command)
	var given string
	for i, arg := range args {
		if path, ok := strings.CutPrefix(arg, config); ok {
			given, args[i] = path, config+own
		}
	}
	script := fmt.Sprintf(`sed '/^rule_files:/,/^[^ ].*:/{/^rule_files:/d;/^ /d}' %s > %s && exec "$@"`, given, own)
	return append([]string{"sh", "-c", script, "sh"}, args...)
}
