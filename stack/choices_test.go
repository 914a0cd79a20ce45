package stack

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestChoices(t *testing.T) {
	if err := (Choices{}).Check(); err != nil {
		t.Errorf("the platform as it is meant to be: %v", err)
	}
	for _, balance := range Balances() {
		if err := (Choices{Balance: balance, Without: Features()}).Check(); err != nil {
			t.Errorf("balance %q: %v", balance, err)
		}
	}
	for _, edge := range Edges() {
		if err := (Choices{Edge: edge}).Check(); err != nil {
			t.Errorf("edge %q: %v", edge, err)
		}
	}
	if err := (Choices{Edge: "lvs"}).Check(); err == nil || !strings.Contains(err.Error(), `edge "lvs": want one of haproxy, nginx`) {
		t.Errorf("an edge of nothing that there is: %v", err)
	}
	if a, b := (Choices{Edge: HAProxy}).String(), (Choices{Edge: Nginx, Balance: Random}).String(); a != "" || b != "with nginx as the edge, balanced by random" {
		t.Errorf("in words: %q and %q", a, b)
	}
	err := Choices{Balance: "fair", Without: []string{"nonsense", TLS}}.Check()
	if err == nil || !strings.Contains(err.Error(), `"fair"`) || !strings.Contains(err.Error(), `"nonsense"`) {
		t.Errorf("bad choices: %v; want both named", err)
	}
	if (Choices{Without: []string{TLS}}).Has(TLS) || !(Choices{}).Has(TLS) {
		t.Error("a platform has exactly the features that were not taken from it")
	}
	err = Choices{Registry: "consul"}.Check()
	if err == nil || !strings.Contains(err.Error(), `registry "consul"`) {
		t.Errorf("a registry that does not exist: %v; want it named", err)
	}
	if got := (Choices{Registry: ZooKeeper, Balance: Random}).String(); got != "balanced by random, registered in zookeeper" {
		t.Errorf("in words: %q", got)
	}
	if got := (Choices{Without: []string{TLS}}).String(); got != "without tls" {
		t.Errorf("in words: %q", got)
	}
}

func TestWeights(t *testing.T) {
	for balance, want := range map[string]map[string]int{
		"":        {"gateway-1": 100, "gateway-2": 100, "gateway-3": 100},
		LeastConn: {"gateway-1": 100, "gateway-2": 100, "gateway-3": 100},
		Weighted:  {"gateway-1": 200, "gateway-2": 100, "gateway-3": 100},
	} {
		if got := (Choices{Balance: balance}).Weights(); !maps.Equal(got, want) {
			t.Errorf("balance %q: weights %v, want %v", balance, got, want)
		}
	}
	if got := (Choices{Components: []string{"db"}}).Weights(); len(got) > 0 {
		t.Errorf("without gateways: weights %v", got)
	}
}

func TestAnotherRegistryIsAnotherPart(t *testing.T) {
	names := func(c Choices) (all []string) {
		for _, part := range c.Parts() {
			all = append(all, part.Component)
		}
		return all
	}
	for _, tt := range []struct {
		rule   string
		choice Choices
		want   bool
	}{
		{"etcd needs no other", Choices{}, false},
		{"ZooKeeper stands beside the etcd with the documents", Choices{Registry: ZooKeeper}, true},
		{"also where not all parts are wanted", Choices{Registry: ZooKeeper, Components: []string{"catalog"}}, true},
		{"parts that register nothing need none", Choices{Registry: ZooKeeper, Components: []string{Pager}}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := names(tt.choice); slices.Contains(got, ZooKeeper) != tt.want || tt.want && !slices.Contains(got, Etcd) {
				t.Errorf("parts %v, want ZooKeeper among them: %v", got, tt.want)
			}
		})
	}
}
