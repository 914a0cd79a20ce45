package gateway

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/token"
)

func newSigner(t *testing.T) *token.Signer {
	t.Helper()
	s, err := token.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// authorization is the header for a client's token that is good for an hour.
func authorization(t *testing.T, s *token.Signer, client string) string {
	t.Helper()
	text, err := s.Sign(token.Claims{Client: client, Until: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + text
}

// guarded asks the catalog's route for tokens.
func guarded(auth string, keys ...token.Key) func(*Options) {
	return func(o *Options) {
		o.Routes[0].Auth = auth
		o.Auth.Keys = keys
	}
}

// with sends a request with a header.
func (b *bench) with(header, value string) reply {
	r := httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil)
	if value != "" {
		r.Header.Set(header, value)
	}
	return b.do(r)
}

func TestWhoGetsIn(t *testing.T) {
	good, stranger := newSigner(t), newSigner(t)
	for _, tt := range []struct {
		rule, auth string
		without    []Feature
		header     string
		code       int
		reason     string
	}{
		{"required: a good token", Required, nil, authorization(t, good, "shopper"), 200, ""},
		{"required: none", Required, nil, "", 401, "missing"},
		{"required: garbage", Required, nil, "Bearer x", 401, "malformed"},
		{"required: another scheme", Required, nil, "Basic eDp5", 401, "malformed"},
		{"required: a stranger's", Required, nil, authorization(t, stranger, "shopper"), 401, "unknown-key"},
		{"optional: none", Optional, nil, "", 200, ""},
		{"optional: garbage", Optional, nil, "Bearer x", 401, "malformed"},
		{"open: garbage", Open, nil, "Bearer x", 200, ""},
		{"without auth: garbage", Required, []Feature{AuthFeature, HedgingFeature}, "Bearer x", 200, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, func(o *Options) {
				guarded(tt.auth, good.Key())(o)
				o.Without = append(o.Without, tt.without...)
			}, func(t *testing.T, b *bench) {
				// The bubble's clock is years behind; the tokens were made outside.
				b.reconfigured(t, func(o *Options) {
					guarded(tt.auth, good.Key())(o)
					o.Without = tt.without
				})
				if tt.code == 200 && tt.reason == "" && strings.HasPrefix(tt.header, "Bearer ey") {
					tt.header = authorization(t, good, "shopper")
				}
				got := b.with("Authorization", tt.header)
				if got.Code != tt.code {
					t.Fatalf("status %d, want %d: %s", got.Code, tt.code, got.Body)
				}
				reached := len(b.tries())
				refused := b.metric("fournines_unauthorized_total{")
				if tt.reason == "" {
					if reached != 1 || len(refused) > 0 {
						t.Errorf("%d tries, refused %v; want the answer of an endpoint", reached, refused)
					}
					return
				}
				want := []string{`fournines_unauthorized_total{reason="` + tt.reason + `",service="catalog"} 1`}
				if diff := cmp.Diff(want, refused); diff != "" || reached > 0 {
					t.Errorf("%d tries, refusals (-want +got):\n%s", reached, diff)
				}
				if b.do(httptest.NewRequest(http.MethodGet, "/healthz", nil)).Code != 200 {
					t.Error("health wants a token")
				}
			})
		})
	}
}

func TestKeysRotateWithoutAnybodyNoticing(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		before, after := newSigner(t), newSigner(t)
		old, fresh := authorization(t, before, "shopper"), authorization(t, after, "shopper")
		for _, step := range []struct {
			keys       []token.Key
			old, fresh int
		}{
			{[]token.Key{before.Key()}, 200, 401},
			{[]token.Key{before.Key(), after.Key()}, 200, 200},
			{[]token.Key{after.Key()}, 401, 200},
		} {
			b.reconfigured(t, guarded(Required, step.keys...))
			if got := [2]int{b.with("Authorization", old).Code, b.with("Authorization", fresh).Code}; got != [2]int{step.old, step.fresh} {
				t.Errorf("with %d keys the old and the new token get %v, want %v", len(step.keys), got, [2]int{step.old, step.fresh})
			}
		}
	})
}

func TestAnEndpointIsToldTheClientAndCannotBeLiedTo(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		s := newSigner(t)
		b.reconfigured(t, guarded(Optional, s.Key()))
		b.with("Authorization", authorization(t, s, "shopper"))
		b.with(ClientHeader, "admin")
		all := b.tries()
		if got := [2]string{all[0].Header.Get(ClientHeader), all[1].Header.Get(ClientHeader)}; got != [2]string{"shopper", ""} {
			t.Errorf("endpoints were told %q, want the token's client and nobody", got)
		}
	})
}
