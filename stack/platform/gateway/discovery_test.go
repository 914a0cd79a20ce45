package gateway

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

func TestTheGatewayGoesOnWithoutTheRegistry(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for _, tt := range []struct {
			rule   string
			update registry.Update
		}{
			{"the registry is away", registry.Update{Err: errBroken}},
			{"the registry has forgotten everything", registry.Update{Instances: []registry.Instance{}}},
		} {
			b.updates <- tt.update
			pass(time.Minute)
			if err := b.Ready(); err != nil {
				t.Errorf("%s: not ready: %v", tt.rule, err)
			}
			for range 9 {
				if got := b.get(); got.Code != 200 {
					t.Errorf("%s: status %d, want 200", tt.rule, got.Code)
				}
			}
			if diff := cmp.Diff(map[string]int{name(1): 3, name(2): 3, name(3): 3}, b.reached()); diff != "" {
				t.Errorf("%s: tries by endpoint (-want +got):\n%s", tt.rule, diff)
			}
		}
	})
}

func TestTheGatewayFollowsTheRegistry(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		b.register(1, 3)
		for range 10 {
			b.get()
		}
		if diff := cmp.Diff(map[string]int{name(1): 5, name(3): 5}, b.reached()); diff != "" {
			t.Errorf("tries after catalog-2 left (-want +got):\n%s", diff)
		}
		moved := instance(1)
		moved.Address = "10.0.0.9:8080"
		b.updates <- registry.Update{Instances: []registry.Instance{moved}}
		pass(0)
		b.get()
		if s := b.tries(); len(s) != 1 || s[0].URL != "http://10.0.0.9:8080/items/1" {
			t.Errorf("tries after catalog-1 moved: %+v, want one at the new address", s)
		}
		want := []string{
			"added catalog-1", "added catalog-2", "added catalog-3",
			"removed catalog-2",
			"added catalog-1", "removed catalog-1", "removed catalog-3",
		}
		if diff := cmp.Diff(want, b.kinds()); diff != "" {
			t.Errorf("transitions (-want +got):\n%s", diff)
		}
		if got := b.metric("fournines_endpoint_ejected{"); len(got) != 1 || !strings.Contains(got[0], name(1)) {
			t.Errorf("ejected metric has %q, want catalog-1 only", got)
		}
	})
}

func TestReadiness(t *testing.T) {
	options := Defaults()
	options.Routes = options.Routes[:1] // the catalog's
	g := New(Config{Options: options, Log: slog.New(slog.DiscardHandler)})
	if err := g.Ready(); err == nil || !strings.Contains(err.Error(), "registry") {
		t.Errorf("Ready before the registry was seen = %v, want an error about the registry", err)
	}
	close(g.pools["catalog"].answered)
	if err := g.Ready(); err == nil || !strings.Contains(err.Error(), "no endpoint") {
		t.Errorf("Ready without an endpoint = %v, want an error about endpoints", err)
	}
	inBubble(t, nil, func(t *testing.T, b *bench) {
		if err := b.Ready(); err != nil {
			t.Errorf("Ready with three endpoints = %v, want nil", err)
		}
	})
}

func TestWhatAnEndpointIsTold(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		r := httptest.NewRequest(http.MethodGet, "http://shop.example/api/catalog/search?q=green+tea", nil)
		r.RemoteAddr = "192.0.2.7:4711"
		r.Header.Set("X-Forwarded-For", "198.51.100.1")
		r.Header.Set("X-Forwarded-Host", "liar.example")
		r.Header.Set("Connection", "X-Hop")
		r.Header.Set("X-Hop", "by hop")
		r.Header.Set(telemetry.RequestIDHeader, "r-1")
		b.do(r)
		s := b.tries()[0]
		if !strings.HasSuffix(s.URL, ":8080/search?q=green+tea") {
			t.Errorf("URL %q, want the prefix cut off and the query kept", s.URL)
		}
		got := make(map[string]string)
		for _, header := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Hop", telemetry.RequestIDHeader} {
			got[header] = s.Header.Get(header)
		}
		want := map[string]string{
			"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Forwarded-Host": "shop.example", "X-Forwarded-Proto": "http",
			"X-Hop": "", telemetry.RequestIDHeader: "r-1",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
	})
}

func TestPathsOutsideOfRoutes(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bench) {
		for path, code := range map[string]int{"/healthz": 200, "/": 404, "/api/catalogue/items": 404, "/api/catalog": 200, "/api/catalog/": 200} {
			if got := b.do(httptest.NewRequest(http.MethodGet, path, nil)); got.Code != code {
				t.Errorf("GET %s: status %d, want %d", path, got.Code, code)
			}
		}
	})
}
