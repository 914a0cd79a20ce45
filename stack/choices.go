package stack

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Choices say which of several ways to build it the reference platform takes.
// The zero value is the platform as it is meant to be.
type Choices struct {
	// Edge is what the edge is made of: one of Edges; empty for the first of
	// them.
	Edge string `json:"edge,omitempty"`
	// Balance is how the edge spreads requests over the gateways: one of
	// Balances; empty for the first of them.
	Balance string `json:"balance,omitempty"`
	// Registry is what keeps the registrations of services: one of Registries;
	// empty for the first of them.
	Registry string `json:"registry,omitempty"`
	// Without names features that the platform lacks, each of Features: a
	// mutant.
	Without []string `json:"without,omitempty"`
	// Components are the parts that are wanted, of those of Reference; what they
	// need is there too. None is the whole platform.
	Components []string `json:"components,omitempty"`
	// Cores is how much of a processor core each replica of a component may
	// use; a component that is not named may use what there is.
	Cores map[string]float64 `json:"cores,omitempty"`
	// Work is how much processor time each request to a component costs at least,
	// from leastWork to mostWork, so that a load is the same share of Cores on every
	// machine. Only services can be given it: catalog and orders.
	Work map[string]time.Duration `json:"workNs,omitempty"`
	// Autoscale is how the numbers of components follow their load.
	Autoscale map[string]Autoscale `json:"autoscale,omitempty"`
	// ClientRate is the most requests per second that all gateways together
	// take from one client; 0 is the gateways' own default.
	ClientRate float64 `json:"clientRate,omitempty"`
	// Drill is how often the backup tries to restore what it has, from
	// leastDrill to mostDrill; 0 is the backup's own default.
	Drill time.Duration `json:"drillNs,omitempty"`
}

// What an edge can be made of.
const (
	HAProxy = "haproxy"
	// Nginx checks no gateway by itself: it leaves one alone for a moment when
	// requests to it failed.
	Nginx = "nginx"
)

// Edges are what Choices.Edge may be, the usual one first.
func Edges() []string { return []string{HAProxy, Nginx} }

// Ways to balance.
const (
	RoundRobin = "roundrobin"
	Random     = "random"
	// Weighted is round robin with twice as much for the first gateway.
	Weighted  = "weighted"
	LeastConn = "leastconn"
)

// Balances are what Choices.Balance may be, the usual one first.
func Balances() []string { return []string{RoundRobin, Random, Weighted, LeastConn} }

// Backup is the component that keeps the database's log and copies, and the
// feature that there is one.
const Backup = "backup"

// Registries, which are components too.
const (
	Etcd = "etcd"
	// ZooKeeper keeps registrations alone: the programs' documents stay in etcd.
	ZooKeeper = "zookeeper"
)

// Registries are what Choices.Registry may be, the usual one first.
func Registries() []string { return []string{Etcd, ZooKeeper} }

// TLS is the feature that clients, edge and gateways encrypt what they say and
// look at the other side's certificate.
const TLS = "tls"

// features are what a platform may lack, and what it is like then.
func features() map[string]string {
	return map[string]string{
		"retries":           "edge and gateways send no request a second time",
		"redispatch":        "edge and gateways send a request again only to where it failed; an edge of nginx, which cannot, sends none again",
		"health-checks":     "edge and gateways send requests without asking first whether the receiver is well; an edge of nginx, without looking at whether the last ones failed",
		"outlier-ejection":  "gateways go on sending requests to endpoints whose answers fail",
		"registry-cache":    "gateways forget their endpoints while the registry is away",
		"lease-ttl":         "a registration outlives its dead replica by a day",
		"drain":             "programs stop serving at once when they are asked to stop",
		"auth":              "gateways take every client at its word, and look at no token",
		"rate-limit":        "gateways let every client send as much as it likes",
		"admission":         "gateways work on everything at once that they are asked for",
		"breaker":           "gateways go on sending requests to a service that fails",
		"hedging":           "gateways wait for a slow endpoint",
		"config-validation": "gateways take every configuration as it comes",
		"controller":        "nobody starts or replaces what ended",
		"autoscale":         "the number of replicas does not follow their load",
		"alerts":            "Prometheus raises none",
		"durability":        "orders are acknowledged before they are kept, and lost with the replica that has them",
		Backup:              "nothing of the database is anywhere but on its own disk",
		"wal-archive":       "the backup receives no log: a restore ends where the last copy was made",
		RestoreVerify:       "nobody tries whether the backup can be restored",
		TLS:                 "clients, edge and gateways talk in the clear and look at no certificate",
	}
}

// Features are what Choices.Without may name.
func Features() []string { return slices.Sorted(maps.Keys(features())) }

// Lacking says what the platform is like without a feature, in half a sentence.
func Lacking(feature string) string { return features()[feature] }

// Controlled reports whether the platform has a controller.
func (c Choices) Controlled() bool {
	return c.Has(Controller) && slices.ContainsFunc(c.Parts(), func(p Part) bool { return p.Component == Controller })
}

// Parts are what the platform consists of. A ZooKeeper comes before the etcd
// that it takes the registrations from, because it takes longer to start.
func (c Choices) Parts() []Part {
	parts := slices.DeleteFunc(PartsOf(c.Components), func(p Part) bool { return p.Component == Backup && !c.Has(Backup) })
	at := slices.IndexFunc(parts, func(p Part) bool { return p.Component == Etcd })
	if c.RegisteredIn() != ZooKeeper || at < 0 {
		return parts
	}
	return slices.Insert(parts, at, Part{Component: ZooKeeper, Replicas: registryMembers})
}

// RegisteredIn is the component that keeps the registrations.
func (c Choices) RegisteredIn() string { return cmp.Or(c.Registry, Etcd) }

// Has reports whether the platform has a feature.
func (c Choices) Has(feature string) bool { return !slices.Contains(c.Without, feature) }

// equalWeight is the weight of every gateway but that of the first where they
// are weighted.
const equalWeight = 100

// Weights are those of the gateways at the edge, by their names.
func (c Choices) Weights() map[string]int {
	weights := make(map[string]int)
	for _, part := range c.Parts() {
		for i := 1; part.Component == "gateway" && i <= part.Replicas; i++ {
			weights[part.ReplicaName(i)] = equalWeight
			if i == 1 && c.Balance == Weighted {
				weights[part.ReplicaName(i)] = 2 * equalWeight
			}
		}
	}
	return weights
}

// Check returns everything that is wrong with the choices at once.
func (c Choices) Check() error {
	var problems []error
	one := func(what, saw string, of []string) {
		if !slices.Contains(of, saw) {
			problems = append(problems, fmt.Errorf("%s %q: want one of %s", what, saw, strings.Join(of, ", ")))
		}
	}
	one("edge", cmp.Or(c.Edge, HAProxy), Edges())
	one("balance", cmp.Or(c.Balance, RoundRobin), Balances())
	one("registry", c.RegisteredIn(), Registries())
	for _, feature := range c.Without {
		one("without", feature, Features())
	}
	for _, name := range c.Components {
		one("component", name, Components())
	}
	return errors.Join(slices.Concat(problems, c.checkLoad(), c.checkDrill())...)
}

// String names what is not as it is meant to be, in a fixed order; empty when
// all is.
func (c Choices) String() string {
	var parts []string
	if edge := cmp.Or(c.Edge, HAProxy); edge != HAProxy {
		parts = append(parts, "with "+edge+" as the edge")
	}
	if balance := cmp.Or(c.Balance, RoundRobin); balance != RoundRobin {
		parts = append(parts, "balanced by "+balance)
	}
	if in := c.RegisteredIn(); in != Etcd {
		parts = append(parts, "registered in "+in)
	}
	if len(c.Without) > 0 {
		parts = append(parts, "without "+strings.Join(slices.Compact(slices.Sorted(slices.Values(c.Without))), ", "))
	}
	return strings.Join(slices.Concat(parts, c.loadTexts(), c.drillTexts()), ", ")
}
