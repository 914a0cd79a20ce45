// Package token makes and checks the signed tokens (JWT) by which clients of
// the reference platform say who they are. They are signed with Ed25519; who
// checks them has what verifies and nothing that could sign.
package token

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Issuer and Audience are those of the reference platform's tokens.
const (
	Issuer   = "fournines"
	Audience = "shop"
)

// Key verifies the tokens that one signer made.
type Key struct {
	// ID is what a token's header calls the key that signed it (kid).
	ID string `json:"kid"`
	// Public is the Ed25519 public key in unpadded base64url, as in RFC 8037.
	Public string `json:"x"`
}

// Check returns nil when the key can be used.
func (k Key) Check() error {
	_, err := k.public()
	if k.ID == "" {
		err = errors.Join(errors.New("kid: want the key's name, saw none"), err)
	}
	return err
}

func (k Key) public() (ed25519.PublicKey, error) {
	raw, err := base64.RawURLEncoding.DecodeString(k.Public)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("x: want %d bytes in unpadded base64url, saw %q", ed25519.PublicKeySize, k.Public)
	}
	return raw, nil
}

// Signer makes tokens. Make one with NewSigner.
type Signer struct {
	key     Key
	private ed25519.PrivateKey
}

// NewSigner has a fresh key, named after its content.
func NewSigner() (*Signer, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	return signerOf(public, private), nil
}

func signerOf(public ed25519.PublicKey, private ed25519.PrivateKey) *Signer {
	sum := sha256.Sum256(public)
	return &Signer{Key{ID: hex.EncodeToString(sum[:6]), Public: base64.RawURLEncoding.EncodeToString(public)}, private}
}

// Secret is what makes the same signer again, in another process. Whoever has
// it can be any client.
func (s *Signer) Secret() string { return base64.RawURLEncoding.EncodeToString(s.private.Seed()) }

// FromSecret makes a signer again.
func FromSecret(secret string) (*Signer, error) {
	seed, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("make a signer of its secret: want %d bytes in unpadded base64url, saw %d characters", ed25519.SeedSize, len(secret))
	}
	private := ed25519.NewKeyFromSeed(seed)
	public, _ := private.Public().(ed25519.PublicKey)
	return signerOf(public, private), nil
}

// Key verifies what the signer signs.
func (s *Signer) Key() Key { return s.key }

// Claims are what a token says.
type Claims struct {
	// Client is who the bearer is.
	Client string
	// Issuer and Audience; empty for the platform's.
	Issuer, Audience string
	// From and Until bound when the token is good; zero for no bound, and
	// without Until no checker takes it.
	From, Until time.Time
}

// Sign makes a token.
func (s *Signer) Sign(c Claims) (string, error) {
	claims := jwt.RegisteredClaims{Subject: c.Client, Issuer: c.Issuer, Audience: jwt.ClaimStrings{c.Audience}}
	if c.Issuer == "" {
		claims.Issuer = Issuer
	}
	if c.Audience == "" {
		claims.Audience = jwt.ClaimStrings{Audience}
	}
	if !c.From.IsZero() {
		claims.NotBefore = jwt.NewNumericDate(c.From)
	}
	if !c.Until.IsZero() {
		claims.ExpiresAt = jwt.NewNumericDate(c.Until)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	t.Header["kid"] = s.key.ID
	text, err := t.SignedString(s.private)
	if err != nil {
		return "", fmt.Errorf("sign a token for %q: %w", c.Client, err)
	}
	return text, nil
}
