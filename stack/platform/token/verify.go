package token

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Refusal is why a token is not taken. The set is fixed: it is a metric's
// label.
type Refusal string

const (
	Malformed  Refusal = "malformed"   // not a token at all
	Algorithm  Refusal = "algorithm"   // signed in another way, or not at all
	UnknownKey Refusal = "unknown-key" // its key is none of those that are good now
	Signature  Refusal = "signature"
	Expired    Refusal = "expired" // or without an end
	Early      Refusal = "not-yet-valid"
	Elsewhere  Refusal = "audience" // for somebody else
	Foreign    Refusal = "issuer"
	Nobody     Refusal = "no-subject"
)

// Refusals are all of them.
func Refusals() []Refusal {
	return []Refusal{Malformed, Algorithm, UnknownKey, Signature, Expired, Early, Elsewhere, Foreign, Nobody}
}

// Error is the refusal in words, without the token.
func (r Refusal) Error() string { return "the token is refused: " + string(r) }

const (
	// longestToken bounds what is parsed at all, in bytes.
	longestToken = 4096
	// remembered bounds how many good tokens are remembered, so that each is
	// checked once: an Ed25519 check costs more than a proxied request's rest.
	remembered = 4096
)

// Verifier checks tokens against a fixed set of keys. All methods may be called
// concurrently.
type Verifier struct {
	parser *jwt.Parser
	keys   map[string]ed25519.PublicKey // by ID
	leeway time.Duration

	mu   sync.Mutex
	good map[string]bearer // by token
}

// bearer is what a token that was checked says.
type bearer struct {
	client string
	until  time.Time
}

// NewVerifier takes tokens of the issuer for the audience that any of the keys
// has signed. leeway is how far clocks may be apart.
func NewVerifier(keys []Key, issuer, audience string, leeway time.Duration) (*Verifier, error) {
	v := &Verifier{keys: make(map[string]ed25519.PublicKey), leeway: leeway, good: make(map[string]bearer)}
	for _, k := range keys {
		public, err := k.public()
		if err != nil {
			return nil, fmt.Errorf("use key %q: %w", k.ID, err)
		}
		v.keys[k.ID] = public
	}
	v.parser = jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithStrictDecoding(),
	)
	return v, nil
}

// Verify returns the client that a token names; the error is a Refusal.
func (v *Verifier) Verify(text string) (client string, err error) {
	if b, ok := v.recall(text); ok {
		return b.client, nil
	}
	if len(text) > longestToken {
		return "", Malformed
	}
	var claims jwt.RegisteredClaims
	_, err = v.parser.ParseWithClaims(text, &claims, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		key, ok := v.keys[id]
		if !ok {
			return nil, UnknownKey
		}
		return key, nil
	})
	switch {
	case err != nil:
		return "", v.refusal(text, err)
	case claims.Subject == "":
		return "", Nobody
	}
	v.remember(text, bearer{claims.Subject, claims.ExpiresAt.Time})
	return claims.Subject, nil
}

// refusal says in our words why a token was not taken.
func (v *Verifier) refusal(text string, err error) Refusal {
	if _, ok := errors.AsType[Refusal](err); ok {
		return UnknownKey
	}
	for _, c := range []struct {
		err error
		is  Refusal
	}{
		{jwt.ErrTokenMalformed, Malformed},
		{jwt.ErrTokenExpired, Expired},
		{jwt.ErrTokenNotValidYet, Early},
		{jwt.ErrTokenInvalidAudience, Elsewhere},
		{jwt.ErrTokenInvalidIssuer, Foreign},
		{jwt.ErrTokenRequiredClaimMissing, Expired},
	} {
		if errors.Is(err, c.err) {
			return c.is
		}
	}
	// The parser says the same of a wrong algorithm and of a wrong signature.
	if t, _, err := v.parser.ParseUnverified(text, &jwt.RegisteredClaims{}); err == nil && t.Method.Alg() == jwt.SigningMethodEdDSA.Alg() {
		return Signature
	}
	return Algorithm
}

func (v *Verifier) recall(text string) (bearer, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	b, ok := v.good[text]
	if ok && time.Now().After(b.until.Add(v.leeway)) {
		delete(v.good, text)
		return bearer{}, false
	}
	return b, ok
}

func (v *Verifier) remember(text string, b bearer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.good) >= remembered {
		clear(v.good)
	}
	v.good[text] = b
}
