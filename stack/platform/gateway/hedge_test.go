package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

func request(ctx context.Context) *http.Request {
	return httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/catalog/items/1", nil)
}

// hedging sends a second try after 20 ms, of a fifth of all requests.
func hedging(o *Options) {
	o.Hedging = Hedging{Quantile: 0.95, Least: config.Duration(20 * time.Millisecond), Share: 0.2}
	o.Without = nil
}

func TestASlowReadIsSentTwice(t *testing.T) {
	inBubble(t, hedging, func(t *testing.T, b *bench) {
		b.set(name(1), after(200*time.Millisecond, answers(http.StatusOK, "slow")))
		for range 30 { // pays in for some hedges
			b.pools["catalog"].pace.patience(b.table.Load().options.Hedging)
		}
		slow := 0
		for range 9 {
			b.tries()
			got := b.get()
			if got.Code != http.StatusOK || got.Took > 25*time.Millisecond {
				t.Errorf("%+v, want an answer after 20 ms at most", got)
			}
			if all := b.tries(); len(all) == 2 {
				slow++
				if all[0].Endpoint != name(1) || all[1].Endpoint == name(1) {
					t.Errorf("tries at %s and %s, want the second elsewhere", all[0].Endpoint, all[1].Endpoint)
				}
			}
		}
		if slow == 0 {
			t.Error("no request was sent twice, want those that began at the slow endpoint")
		}
		pass(time.Second)
		if got := b.metric("fournines_hedges_won_total"); got[0] != fmt.Sprintf(`fournines_hedges_won_total{service="catalog"} %d`, slow) {
			t.Errorf("metric %v, want %d", got, slow)
		}
		for _, line := range b.metric("fournines_upstream_requests_total{") {
			if strings.Contains(line, "timeout") {
				t.Errorf("the slower endpoint is blamed: %s", line)
			}
		}
	})
}

func TestHedgesAreBounded(t *testing.T) {
	inBubble(t, hedging, func(t *testing.T, b *bench) {
		b.everywhere(after(100*time.Millisecond, answers(http.StatusOK, "slow")))
		for range 50 {
			b.get()
		}
		if n := len(b.tries()); n < 55 || n > 60 {
			t.Errorf("%d tries of 50 requests, want a fifth more at most", n)
		}
	})
}

func TestWhatIsNotHedged(t *testing.T) {
	for rule, tt := range map[string]struct {
		method string
		change func(*Options)
	}{
		"a write":                 {http.MethodPost, hedging},
		"a read, without hedging": {http.MethodGet, func(o *Options) { hedging(o); o.Without = []Feature{HedgingFeature} }},
	} {
		t.Run(rule, func(t *testing.T) {
			inBubble(t, tt.change, func(t *testing.T, b *bench) {
				b.everywhere(after(100*time.Millisecond, answers(http.StatusOK, "slow")))
				for range 20 {
					r := request(t.Context())
					r.Method = tt.method
					b.do(r)
				}
				if n := len(b.tries()); n != 20 {
					t.Errorf("%d tries of 20 requests, want 20", n)
				}
			})
		})
	}
}

func TestARequestThatReachedASomebodyElseIsRepeatedWhateverItIs(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		inBubble(t, nil, func(t *testing.T, b *bench) {
			b.set(name(1), answers(http.StatusMisdirectedRequest, "this is orders"))
			for range 3 {
				r := httptest.NewRequest(method, "/api/catalog/items/1", nil)
				if got := b.do(r); got.Code != http.StatusOK {
					t.Errorf("%s: %d, want the answer of another endpoint", method, got.Code)
				}
			}
			b.everywhere(answers(http.StatusMisdirectedRequest, "this is orders"))
			if got := b.do(httptest.NewRequest(method, "/api/catalog/items/1", nil)); got.Code != http.StatusBadGateway {
				t.Errorf("%s: %d, want 502: the client's address is right", method, got.Code)
			}
			if without := b.tries(); len(without) < 4 {
				t.Errorf("%s: %d tries", method, len(without))
			}
		})
	}
}

func TestThePaceSettlesAtItsQuantile(t *testing.T) {
	var p pace
	for i := range 20_000 { // 1 to 100 ms, evenly
		p.saw(time.Duration(1+i*37%100)*time.Millisecond, 0.95)
	}
	if p.typical < 85*time.Millisecond || p.typical > 105*time.Millisecond {
		t.Errorf("settled at %v, want about 95 ms", p.typical)
	}
}
