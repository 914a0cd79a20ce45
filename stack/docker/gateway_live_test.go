package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/token"
	"github.com/fournines/fournines/stack/platform/transition"
)

// gatewayNames are the three gateways.
var gatewayNames = []string{"gateway-1", "gateway-2", "gateway-3"}

// configured changes the gateways' document, waits until all of them use it,
// and brings the old one back at the end of the test. It returns how long the
// slowest gateway took.
func configured(t *testing.T, st *docker.Stack, change func(*gateway.Options)) time.Duration {
	t.Helper()
	versions, err := st.Configurations(t.Context(), "gateway")
	if err != nil {
		t.Fatal(err)
	}
	before := versions[len(versions)-1].Text
	o, err := gateway.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	change(&o)
	text, err := o.Document()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := st.Configure(context.Background(), "gateway", before); err != nil {
			t.Error(err)
		}
	})
	version, err := st.Configure(t.Context(), "gateway", text)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	eventually(t, "all gateways use version "+version, func(ctx context.Context) error {
		for _, name := range gatewayNames {
			base, _ := st.URL(name)
			body, err := get(ctx, base+stack.ConfigPath)
			if err != nil {
				return err
			}
			var s stack.ConfigState
			if err := json.Unmarshal([]byte(body), &s); err != nil || s.Version != version {
				return fmt.Errorf("%s: %s, %v", name, body, err)
			}
		}
		return nil
	})
	return time.Since(began)
}

// send asks the edge for an item with a token, and returns the status; 0 is
// none.
func send(ctx context.Context, t *testing.T, st *docker.Stack, authorization string) (int, http.Header) {
	t.Helper()
	edge, _ := st.URL(stack.Edge)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, edge+"/api/catalog/items/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header
}

func TestGatewaysRefuseBadTokens(t *testing.T) {
	st := sharedStack.up(t)
	fresh, err := token.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := token.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	sign := func(s *token.Signer, c token.Claims) string {
		text, err := s.Sign(c)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + text
	}
	soon := time.Now().Add(time.Hour)
	if code, _ := send(t.Context(), t, st, sign(fresh, token.Claims{Client: "test", Until: soon})); code != http.StatusUnauthorized {
		t.Errorf("a key that is not published yet: %d, want 401", code)
	}
	configured(t, st, func(o *gateway.Options) { o.Auth.Keys = append(o.Auth.Keys, fresh.Key()) })
	ours, err := st.Token("test")
	if err != nil {
		t.Fatal(err)
	}
	good := sign(fresh, token.Claims{Client: "test", Until: soon})
	none := "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJ0ZXN0In0."
	for _, c := range []struct {
		rule, authorization string
		code                int
		reason              string
	}{
		{"the platform's own key", ours, 200, ""},
		{"a key that was rotated in", good, 200, ""},
		{"nobody", "", 200, ""},
		{"expired", sign(fresh, token.Claims{Client: "test", Until: time.Now().Add(-time.Hour)}), 401, "expired"},
		{"for somebody else", sign(fresh, token.Claims{Client: "test", Audience: "bank", Until: soon}), 401, "audience"},
		{"alg none", none, 401, "algorithm"},
		{"garbage", "Bearer garbage", 401, "malformed"},
		{"a stranger's key", sign(stranger, token.Claims{Client: "test", Until: soon}), 401, "unknown-key"},
		{"another's signature", good[:strings.LastIndexByte(good, '.')+1] + strings.Repeat("A", 86), 401, "signature"},
	} {
		code, header := send(t.Context(), t, st, c.authorization)
		if code != c.code || !strings.Contains(header.Get("WWW-Authenticate"), c.reason) {
			t.Errorf("%s: %d %q, want %d because of %q", c.rule, code, header.Get("WWW-Authenticate"), c.code, c.reason)
		}
	}
}

func TestTheRateLimitHoldsOverAllGateways(t *testing.T) {
	st := sharedStack.up(t)
	const perSecond, burst = 30, 30
	configured(t, st, func(o *gateway.Options) { o.RateLimit.Client = gateway.Rate{PerSecond: perSecond, Burst: burst} })
	greedy, err := st.Token("greedy")
	if err != nil {
		t.Fatal(err)
	}
	modest, err := st.Token("modest")
	if err != nil {
		t.Fatal(err)
	}
	// Four requests a second: within the share of one gateway (ten) even if they
	// should all come to the same.
	const pause = 250 * time.Millisecond
	began := time.Now()
	allowed, refused, turn := 0, 0, time.Duration(0)
	for time.Since(began) < 4*time.Second {
		code, header := send(t.Context(), t, st, greedy)
		switch {
		case code == http.StatusOK:
			allowed++
		case code == http.StatusTooManyRequests && header.Get("Retry-After") != "":
			refused++
		default:
			t.Fatalf("status %d, Retry-After %q; want 200, or 429 and when to come again", code, header.Get("Retry-After"))
		}
		if time.Since(began) >= turn {
			turn += pause
			if code, _ := send(t.Context(), t, st, modest); code != http.StatusOK {
				t.Errorf("the modest client got %d beside the greedy one", code)
			}
		}
	}
	want := burst + perSecond*time.Since(began).Seconds()
	t.Logf("%d allowed and %d refused in %v, want %.0f allowed", allowed, refused, time.Since(began).Round(time.Millisecond), want)
	if refused < 20 {
		t.Skip("this machine is too busy to send more than the limit")
	}
	if off := float64(allowed)/want - 1; off < -0.2 || off > 0.1 {
		t.Errorf("%d requests were allowed, want %.0f within -20 and +10 %%", allowed, want)
	}
}

func TestTheBreakerOfALostServiceOpensAndCloses(t *testing.T) {
	st := sharedStack.up(t)
	configured(t, st, func(o *gateway.Options) { o.Breaker.Volume = 10 })
	began := time.Now()
	seen := func(name string) (kinds []string) {
		base, _ := st.URL(name)
		body, err := get(t.Context(), base+transition.Path)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ Transitions []transition.Transition }
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		for _, tr := range answer.Transitions {
			if kind, ok := strings.CutPrefix(tr.Kind, "breaker-"); ok && tr.Time.After(began) {
				kinds = append(kinds, kind)
			}
		}
		return kinds
	}
	catalogs := []string{"catalog-1", "catalog-2", "catalog-3"}
	t.Cleanup(func() { // the stack is others' too, whatever becomes of this test
		for _, name := range catalogs {
			r, _ := stack.Find(st, name)
			if err := r.Start(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	for _, name := range catalogs {
		r, _ := stack.Find(st, name)
		if err := r.Kill(t.Context(), "KILL"); err != nil {
			t.Fatal(err)
		}
	}
	everyGateway := func(what string, ok func(kinds []string) bool) {
		t.Helper()
		eventually(t, what, func(ctx context.Context) error {
			var burst sync.WaitGroup
			for range 12 {
				burst.Go(func() { send(ctx, t, st, "") })
			}
			burst.Wait()
			for _, name := range gatewayNames {
				if kinds := seen(name); !ok(kinds) {
					return fmt.Errorf("%s: %v", name, kinds)
				}
			}
			return nil
		})
	}
	everyGateway("every gateway's breaker opens", func(kinds []string) bool { return slices.Contains(kinds, "opened") })
	everyGateway("every gateway's breaker tries again", func(kinds []string) bool { return slices.Contains(kinds, "half-open") })
	for _, name := range catalogs {
		r, _ := stack.Find(st, name)
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	everyGateway("every gateway's breaker closes", func(kinds []string) bool {
		return len(kinds) > 0 && kinds[len(kinds)-1] == "closed"
	})
	for _, name := range gatewayNames {
		t.Logf("%s: %v", name, seen(name))
	}
	if err := st.Await(t.Context()); err != nil {
		t.Error(err)
	}
}

// A reload that replaces every connection and every breaker, again and again
// under load, must cost nothing.
func TestReloadsUnderLoadDropNothing(t *testing.T) {
	st := sharedStack.up(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]int{}
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil {
				code, _ := send(t.Context(), t, st, "")
				mu.Lock()
				codes[code]++
				mu.Unlock()
			}
		})
	}
	slowest := time.Duration(0)
	for i := range 10 {
		slowest = max(slowest, configured(t, st, func(o *gateway.Options) {
			o.Connections = 64 - i
			o.OutlierEjection.After = uint(3 + i%2)
			o.Breaker.Volume = uint(50 + i)
		}))
	}
	stop()
	clients.Wait()
	t.Logf("10 reloads, the slowest seen on all gateways after %v; answers by status: %v", slowest.Round(time.Millisecond), codes)
	if len(codes) != 1 || codes[http.StatusOK] == 0 {
		t.Errorf("answers by status: %v, want 200 alone", codes)
	}
}
