package gateway

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/token"
)

// ClientHeader tells an endpoint which authenticated client a request is from.
// Clients cannot send it themselves.
const ClientHeader = "X-Fournines-Client"

// Auth says whose tokens are taken.
type Auth struct {
	Issuer   string `json:"issuer"`
	Audience string `json:"audience"`
	// Leeway is how far the clocks of signer and gateway may be apart.
	Leeway config.Duration `json:"leeway"`
	// Keys are those whose tokens are good now. To change one, publish the new
	// key beside the old one, sign with it, and take the old one out when its
	// last token has expired.
	Keys []token.Key `json:"keys,omitempty"`
}

// What a route asks of clients, in Route.Auth.
const (
	// Open takes everybody; tokens are not looked at.
	Open = "none"
	// Optional takes clients without a token, and refuses bad tokens.
	Optional = "optional"
	// Required takes clients with a good token only.
	Required = "required"
)

// noToken is the refusal of a client that sent nothing where a token is
// required.
const noToken token.Refusal = "missing"

// authenticator finds out who a request is from.
type authenticator struct {
	gateway  *Gateway
	verifier *token.Verifier
	service  string
	required bool
	next     http.Handler
}

// ServeHTTP refuses with 401 what has a bad token. A refusal is the client's
// fault: it is counted apart from failures and concerns no endpoint.
func (a authenticator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, sent := bearer(r)
	if !sent && !a.required {
		a.next.ServeHTTP(w, r)
		return
	}
	client, err := "", error(noToken)
	if sent {
		client, err = a.verifier.Verify(text)
	}
	if err != nil {
		refusal, _ := err.(token.Refusal)
		a.gateway.guard.Unauthorized(a.service, string(refusal))
		a.gateway.config.Log.InfoContext(r.Context(), "request refused", "service", a.service, "reason", string(refusal), "address", address(r))
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token", error_description="`+string(refusal)+`"`)
		fail(w, r, http.StatusUnauthorized, err.Error())
		return
	}
	a.next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, client)))
}

type clientKey struct{}

// subject is the authenticated client of a request; empty for an anonymous one.
func subject(r *http.Request) string {
	client, _ := r.Context().Value(clientKey{}).(string)
	return client
}

// bearer is the token that a request carries.
func bearer(r *http.Request) (text string, sent bool) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return "", false
	}
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", true
	}
	return strings.TrimSpace(text), true
}

// address is where a request comes from: what the edge, which is the only one
// that reaches a gateway, has added last to X-Forwarded-For.
func address(r *http.Request) string {
	all := r.Header["X-Forwarded-For"]
	if len(all) > 0 {
		last := all[len(all)-1]
		return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// verifier makes what checks tokens.
func (a Auth) verifier() (*token.Verifier, error) {
	return token.NewVerifier(a.Keys, a.Issuer, a.Audience, time.Duration(a.Leeway))
}
