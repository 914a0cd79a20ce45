package token

import (
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func signer(t *testing.T) *Signer {
	t.Helper()
	s, err := NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func signed(t *testing.T, s *Signer, c Claims) string {
	t.Helper()
	text, err := s.Sign(c)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func verifier(t *testing.T, keys ...Key) *Verifier {
	t.Helper()
	v, err := NewVerifier(keys, Issuer, Audience, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEveryBadTokenIsRefusedForItsReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := signer(t), signer(t)
		v := verifier(t, ours.Key())
		soon := time.Now().Add(time.Minute)
		good := signed(t, ours, Claims{Client: "browse", Until: soon})
		none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.RegisteredClaims{Subject: "browse", Issuer: Issuer, Audience: jwt.ClaimStrings{Audience}, ExpiresAt: jwt.NewNumericDate(soon)}).SignedString(jwt.UnsafeAllowNoneSignatureType)
		if err != nil {
			t.Fatal(err)
		}
		// The classic: the public key taken for a shared secret.
		confused := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{Subject: "browse", Issuer: Issuer, Audience: jwt.ClaimStrings{Audience}, ExpiresAt: jwt.NewNumericDate(soon)})
		confused.Header["kid"] = ours.Key().ID
		secret, _ := base64.RawURLEncoding.DecodeString(ours.Key().Public)
		hmac, err := confused.SignedString(secret)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(good, ".")
		other := strings.Split(signed(t, ours, Claims{Client: "admin", Until: soon}), ".")
		renamed := &Signer{Key{ID: ours.Key().ID}, theirs.private}
		for name, c := range map[string]struct {
			text string
			want Refusal
		}{
			"garbage":                              {"not.a.token", Malformed},
			"nothing":                              {"", Malformed},
			"too long":                             {good + strings.Repeat("x", longestToken), Malformed},
			"alg none":                             {none, Algorithm},
			"alg HS256 with the public key":        {hmac, Algorithm},
			"another signer":                       {signed(t, theirs, Claims{Client: "browse", Until: soon}), UnknownKey},
			"another signer under our key":         {signed(t, renamed, Claims{Client: "browse", Until: soon}), Signature},
			"the claims of one, signed as another": {parts[0] + "." + other[1] + "." + parts[2], Signature},
			"expired":                              {signed(t, ours, Claims{Client: "browse", Until: time.Now().Add(-time.Minute)}), Expired},
			"without an end":                       {signed(t, ours, Claims{Client: "browse"}), Expired},
			"not yet":                              {signed(t, ours, Claims{Client: "browse", From: soon, Until: soon.Add(time.Minute)}), Early},
			"another audience":                     {signed(t, ours, Claims{Client: "browse", Audience: "bank", Until: soon}), Elsewhere},
			"another issuer":                       {signed(t, ours, Claims{Client: "browse", Issuer: "them", Until: soon}), Foreign},
			"without a subject":                    {signed(t, ours, Claims{Until: soon}), Nobody},
		} {
			if client, err := v.Verify(c.text); err != c.want {
				t.Errorf("%s: client %q, error %v; want %v", name, client, err, c.want)
			}
		}
		for range 2 { // the second time it is remembered
			if client, err := v.Verify(good); client != "browse" || err != nil {
				t.Errorf("a good token: %q, %v", client, err)
			}
		}
		time.Sleep(2 * time.Minute)
		if _, err := v.Verify(good); err != Expired {
			t.Errorf("a token that has expired since: %v, want %v", err, Expired)
		}
	})
}

func TestKeysRotate(t *testing.T) {
	before, after := signer(t), signer(t)
	old, fresh := signed(t, before, Claims{Client: "a", Until: time.Now().Add(time.Hour)}), signed(t, after, Claims{Client: "b", Until: time.Now().Add(time.Hour)})
	for name, c := range map[string]struct {
		keys       []Key
		old, fresh error
	}{
		"before": {[]Key{before.Key()}, nil, UnknownKey},
		"both":   {[]Key{before.Key(), after.Key()}, nil, nil},
		"after":  {[]Key{after.Key()}, UnknownKey, nil},
	} {
		v := verifier(t, c.keys...)
		if _, err := v.Verify(old); err != c.old {
			t.Errorf("%s: the old signer's token: %v, want %v", name, err, c.old)
		}
		if _, err := v.Verify(fresh); err != c.fresh {
			t.Errorf("%s: the new signer's token: %v, want %v", name, err, c.fresh)
		}
	}
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	s := signer(t)
	v := verifier(t, s.Key())
	for i := range remembered + 10 {
		v.remember(strings.Repeat("x", i), bearer{"a", time.Now().Add(time.Hour)})
	}
	if len(v.good) > remembered {
		t.Errorf("%d tokens are remembered, want at most %d", len(v.good), remembered)
	}
}

func TestASignerIsMadeAgainOfItsSecret(t *testing.T) {
	s := signer(t)
	again, err := FromSecret(s.Secret())
	if err != nil {
		t.Fatal(err)
	}
	if client, err := verifier(t, s.Key()).Verify(signed(t, again, Claims{Client: "a", Until: time.Now().Add(time.Hour)})); client != "a" || err != nil || again.Key() != s.Key() {
		t.Errorf("its token: %q, %v; key %v, want %v", client, err, again.Key(), s.Key())
	}
	if _, err := FromSecret("short"); err == nil || strings.Contains(err.Error(), "short") {
		t.Errorf("a bad secret: %v, want an error that does not repeat it", err)
	}
}

func TestABadKeyIsAnError(t *testing.T) {
	for _, k := range []Key{{}, {ID: "a", Public: "short"}, {ID: "", Public: base64.RawURLEncoding.EncodeToString(make([]byte, 32))}} {
		if err := k.Check(); err == nil {
			t.Errorf("key %+v is taken, want an error", k)
		}
	}
}
