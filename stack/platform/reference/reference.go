// Package reference is what the reference platform is started with, whatever
// backend runs it: the first document of every program that has one, and the
// tokens that its gateways take.
package reference

import (
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/orders"
	"github.com/fournines/fournines/stack/platform/token"
)

// tokenLife is how long a token is good: longer than any run.
const tokenLife = 24 * time.Hour

// Setup is one platform's. Make one with New.
type Setup struct {
	// Documents are the programs' first documents, by component. They hold what
	// verifies tokens, and nothing that could sign them.
	Documents map[string][]byte
	signer    *token.Signer
}

// New makes a signing key and the documents that go with it.
func New() (*Setup, error) {
	signer, err := token.NewSigner()
	if err != nil {
		return nil, fmt.Errorf("set the platform up: %w", err)
	}
	o := gateway.Defaults()
	o.Auth.Keys = []token.Key{signer.Key()}
	for i := range o.Routes {
		if o.Routes[i].Auth == "" {
			o.Routes[i].Auth = gateway.Optional // anybody may look around in a shop
		}
	}
	text, err := o.Document()
	if err != nil {
		return nil, fmt.Errorf("set the platform up: %w", err)
	}
	return &Setup{Documents: map[string][]byte{"gateway": text}, signer: signer}, nil
}

// LimitClients makes perSecond the most requests that the gateways together
// take from one client, in the first document; 0 leaves it as it is.
func (s *Setup) LimitClients(perSecond float64) error {
	if perSecond == 0 {
		return nil
	}
	o, err := gateway.Parse(s.Documents["gateway"])
	if err != nil {
		return fmt.Errorf("limit clients: %w", err)
	}
	o.RateLimit.Client = gateway.Rate{PerSecond: perSecond, Burst: max(1, int(perSecond))}
	text, err := o.Document()
	if err != nil {
		return fmt.Errorf("limit clients: %w", err)
	}
	s.Documents["gateway"] = text
	return nil
}

// Token is the value of an Authorization header for a client.
func (s *Setup) Token(client string) (string, error) {
	text, err := s.signer.Sign(token.Claims{Client: client, Until: time.Now().Add(tokenLife)})
	return "Bearer " + text, err
}

// Secret is what Resume needs; whoever has it can be any client.
func (s *Setup) Secret() string { return s.signer.Secret() }

// Resume is the setup of a platform that runs already: it makes tokens, and has
// no documents.
func Resume(secret string) (*Setup, error) {
	signer, err := token.FromSecret(secret)
	if err != nil {
		return nil, err
	}
	return &Setup{signer: signer}, nil
}

// Without are those of the names that are features of a component, which its
// program is told to switch off.
func Without(component string, names []string) (all []string) {
	if component == orders.Service && slices.Contains(names, orders.Durability) {
		return []string{orders.Durability}
	}
	if component != "gateway" {
		return nil
	}
	for _, f := range gateway.Features() {
		if slices.Contains(names, string(f)) {
			all = append(all, string(f))
		}
	}
	return all
}

// Follows reports whether a component has a document in the config centre.
func Follows(component string) bool { return component == "gateway" }
