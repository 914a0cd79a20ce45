package stack

import (
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
