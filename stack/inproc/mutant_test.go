package inproc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
)

// A bad document costs readers nothing, and everything where nobody checks it.
func TestWhatConfigValidationIsGoodFor(t *testing.T) {
	for name, without := range map[string][]string{"with validation": nil, "without validation": {"config-validation"}} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			st, err := inproc.Up(t.Context(), inproc.Options{Without: without})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := st.Down(context.Background()); err != nil {
					t.Error(err)
				}
			}()
			version, err := st.Configure(t.Context(), "gateway", []byte(`{"routs": []}`))
			if err != nil {
				t.Fatal(err)
			}
			refused := make(map[string]bool)
			for _, gateway := range []string{"gateway-1", "gateway-2", "gateway-3"} {
				refused[gateway] = sees(t, st, gateway, version)
			}
			code, _ := fetch(t, st, stack.Edge, "/api/catalog/items/1")
			for gateway, r := range refused {
				if r != (without == nil) {
					t.Errorf("%s refuses the document: %v, want %v", gateway, r, without == nil)
				}
			}
			if good := code == http.StatusOK; good != (without == nil) {
				t.Errorf("the edge answers %d", code)
			}
		})
	}
}

// sees waits until a gateway has got a version, and reports whether it refused
// it.
func sees(t *testing.T, st *inproc.Stack, gateway, version string) (refused bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		_, body := fetch(t, st, gateway, stack.ConfigPath)
		var s stack.ConfigState
		if err := json.Unmarshal(body, &s); err != nil {
			t.Fatal(err)
		}
		if s.Version == version || s.Refused == version {
			return s.Refused == version
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: want that it has got version %s, saw %+v", gateway, version, s)
		case <-tick.C:
		}
	}
}

// fetch gets a page of an endpoint over a connection of its own.
func fetch(t *testing.T, st *inproc.Stack, endpoint, path string) (int, []byte) {
	t.Helper()
	base, ok := st.URL(endpoint)
	if !ok {
		t.Fatal(fmt.Sprintf("there is no endpoint %q", endpoint))
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}
