package gateway

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// from sends a request from an address and returns its status and when to come
// again.
func (b *bench) from(address string) (code int, retryAfter string) {
	r := httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil)
	r.RemoteAddr = address + ":4711"
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	return rec.Code, rec.Header().Get("Retry-After")
}

// limited gives every client 10 requests/s and 20 at once, through one gateway.
func limited(o *Options) {
	o.RateLimit = RateLimit{Client: Rate{PerSecond: 10, Burst: 20}, Gateways: 1, Clients: 100}
	o.Without = []Feature{HedgingFeature}
}

func TestAClientOverItsLimitHurtsNobodyElse(t *testing.T) {
	inBubble(t, limited, func(t *testing.T, b *bench) {
		served := 0
		for range 50 {
			if code, _ := b.from("192.0.2.1"); code == http.StatusOK {
				served++
			}
			if code, _ := b.from("192.0.2.2"); code != http.StatusOK && served <= 20 {
				t.Fatalf("the other client got %d", code)
			}
			if served > 19 {
				break
			}
		}
		code, again := b.from("192.0.2.1")
		if code != http.StatusTooManyRequests || again != "1" {
			t.Errorf("over the limit: %d, Retry-After %q; want 429 and 1", code, again)
		}
		if code, _ := b.from("192.0.2.3"); code != http.StatusOK {
			t.Errorf("a third client got %d, want 200", code)
		}
		seconds, _ := strconv.Atoi(again)
		pass(time.Duration(seconds) * time.Second)
		ok := 0
		for range 20 {
			if code, _ := b.from("192.0.2.1"); code == http.StatusOK {
				ok++
			}
		}
		if ok != 10 {
			t.Errorf("%d of 20 a second later, want the 10 that came in", ok)
		}
	})
}

func TestEachGatewayEnforcesItsShare(t *testing.T) {
	inBubble(t, func(o *Options) { limited(o); o.RateLimit.Gateways = 4 }, func(t *testing.T, b *bench) {
		ok := 0
		for range 20 {
			if code, _ := b.from("192.0.2.1"); code == http.StatusOK {
				ok++
			}
		}
		if ok != 5 {
			t.Errorf("%d of 20, want a fourth of the burst", ok)
		}
	})
}

func TestClientsAreToldApartByTokenBeforeAddress(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		s := newSigner(t)
		b.reconfigured(t, func(o *Options) { limited(o); guarded(Optional, s.Key())(o) })
		for _, client := range []string{"a", "b"} { // both from one address
			for i := range 20 {
				if got := b.with("Authorization", authorization(t, s, client)); got.Code != http.StatusOK {
					t.Fatalf("request %d of %q: %d", i+1, client, got.Code)
				}
			}
			if got := b.with("Authorization", authorization(t, s, client)); got.Code != http.StatusTooManyRequests {
				t.Errorf("request 21 of %q: %d, want 429", client, got.Code)
			}
		}
	})
}

func TestARouteHasALimitOfItsOwn(t *testing.T) {
	inBubble(t, func(o *Options) {
		limited(o)
		o.Routes[0].RateLimit = &Rate{PerSecond: 5, Burst: 15}
	}, func(t *testing.T, b *bench) {
		ok := 0
		for i := range 30 {
			if code, _ := b.from(fmt.Sprintf("192.0.2.%d", i)); code == http.StatusOK {
				ok++
			}
		}
		if got := b.metric("fournines_rate_limited_total"); ok != 15 || len(got) != 1 || got[0] != `fournines_rate_limited_total{scope="route",service="catalog"} 15` {
			t.Errorf("%d of 30 clients, refused %v; want 15 and 15 by the route", ok, got)
		}
	})
}

func TestLimitsOutlastAReload(t *testing.T) {
	inBubble(t, limited, func(t *testing.T, b *bench) {
		for range 20 {
			b.from("192.0.2.1")
		}
		b.reconfigured(t, limited)
		if code, _ := b.from("192.0.2.1"); code != http.StatusTooManyRequests {
			t.Errorf("after a reload: %d, want 429", code)
		}
		b.reconfigured(t, func(o *Options) { limited(o); o.Without = []Feature{RateLimitFeature} })
		if code, _ := b.from("192.0.2.1"); code != http.StatusOK {
			t.Errorf("without limits: %d, want 200", code)
		}
	})
}

func TestClientsCannotFillTheMemory(t *testing.T) {
	inBubble(t, limited, func(t *testing.T, b *bench) {
		for i := range 1000 {
			b.from(fmt.Sprintf("192.0.%d.%d", i/250, i%250))
		}
		if got := b.metric("fournines_clients_known"); got[0] != "fournines_clients_known 100" {
			t.Errorf("%v, want 100", got)
		}
	})
}
