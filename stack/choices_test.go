package stack

import (
	"maps"
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
