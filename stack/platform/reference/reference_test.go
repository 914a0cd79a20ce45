package reference

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/token"
)

func TestTheDocumentIsValidAndVerifiesTheTokens(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	o, err := gateway.Parse(s.Documents["gateway"])
	if err != nil {
		t.Fatal(err)
	}
	v, err := token.NewVerifier(o.Auth.Keys, o.Auth.Issuer, o.Auth.Audience, time.Duration(o.Auth.Leeway))
	if err != nil {
		t.Fatal(err)
	}
	header, err := s.Token("browse")
	if err != nil {
		t.Fatal(err)
	}
	if client, err := v.Verify(strings.TrimPrefix(header, "Bearer ")); client != "browse" || err != nil {
		t.Errorf("the gateway takes the token for %q, %v; want browse", client, err)
	}
	other, err := New()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Token("browse")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(strings.TrimPrefix(foreign, "Bearer ")); err != token.UnknownKey {
		t.Errorf("another platform's token: %v, want %v", err, token.UnknownKey)
	}
}

func TestClientsAreHeldToTheRateThatIsChosen(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	usual := string(s.Documents["gateway"])
	if err := s.LimitClients(0); err != nil || string(s.Documents["gateway"]) != usual {
		t.Errorf("without a choice the document is another one, %v", err)
	}
	if err := s.LimitClients(300); err != nil {
		t.Fatal(err)
	}
	o, err := gateway.Parse(s.Documents["gateway"])
	if err != nil {
		t.Fatal(err)
	}
	if want := (gateway.Rate{PerSecond: 300, Burst: 300}); o.RateLimit.Client != want || len(o.Auth.Keys) != 1 {
		t.Errorf("a client may send %+v with keys %v, want %+v and all else as before", o.RateLimit.Client, o.Auth.Keys, want)
	}
}
