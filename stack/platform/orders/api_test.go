package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// call sends one request to a.
func call(a *api, method, target, key, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if key != "" {
		r.Header.Set(KeyHeader, key)
	}
	w := httptest.NewRecorder()
	a.handler().ServeHTTP(w, r)
	return w
}

func testAPI(s Store) *api { return &api{store: s, items: 500, log: slog.New(slog.DiscardHandler)} }

func TestOrdersOverHTTP(t *testing.T) {
	a := testAPI(NewMemory())
	body := `{"client":"c","item":3,"quantity":1}`
	first := call(a, "POST", "/", "k-1", body)
	if first.Code != http.StatusCreated || !strings.Contains(first.Body.String(), `"id":1,`) {
		t.Fatalf("POST = %d %s, want 201 with order 1", first.Code, first.Body)
	}
	for rule, c := range map[string]struct {
		method, target, key, body string
		code                      int
		says                      string
	}{
		"the same key and order get the same answer":     {"POST", "/", "k-1", ` {"quantity":1, "item":3, "client":"c"}`, 201, strings.TrimSpace(first.Body.String())},
		"the same key with another order is refused":     {"POST", "/", "k-1", `{"client":"c","item":4,"quantity":1}`, 422, "another order"},
		"an order without a key is refused":              {"POST", "/", "", body, 400, "Idempotency-Key"},
		"an item that there is not is refused":           {"POST", "/", "k-2", `{"client":"c","item":501,"quantity":1}`, 400, "item is 501"},
		"what is no order is refused":                    {"POST", "/", "k-3", "order", 400, "JSON"},
		"an order is found":                              {"GET", "/1", "", "", 200, `"key":"k-1"`},
		"an order that there is not is not found":        {"GET", "/9", "", "", 404, "no such order"},
		"a list needs to know whose":                     {"GET", "/", "", "", 400, "client"},
		"a list of somebody without orders is empty":     {"GET", "/?client=nobody", "", "", 200, `{"orders":[]}`},
		"a list from the end on is empty":                {"GET", "/?client=c&after=1", "", "", 200, `{"orders":[]}`},
		"a page that is too large is refused":            {"GET", "/?client=c&limit=9999", "", "", 400, "limit"},
		"an order is found by its key":                   {"GET", "/?client=c&key=k-1", "", "", 200, `{"orders":[{"id":1,`},
		"a key that was never used has no order":         {"GET", "/?client=c&key=k-9", "", "", 200, `{"orders":[]}`},
		"a key is its client's":                          {"GET", "/?client=d&key=k-1", "", "", 200, `{"orders":[]}`},
		"a key that could be none is refused":            {"GET", "/?client=c&key=a%20b", "", "", 400, "key is"},
		"a page number that is no number is refused too": {"GET", "/?client=c&after=x", "", "", 400, "after"},
	} {
		t.Run(rule, func(t *testing.T) {
			w := call(a, c.method, c.target, c.key, c.body)
			if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%s %s = %d %s, want %d with %q", c.method, c.target, w.Code, w.Body, c.code, c.says)
			}
		})
	}
}

func TestAListIsRead(t *testing.T) {
	a := testAPI(NewMemory())
	for i := range 5 {
		call(a, "POST", "/", fmt.Sprintf("k-%d", i), `{"client":"c","item":3,"quantity":1}`)
	}
	var keys []string
	after := int64(0)
	for pages := 1; ; pages++ {
		var p page
		w := call(a, "GET", fmt.Sprintf("/?client=c&limit=2&after=%d", after), "", "")
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		for _, o := range p.Orders {
			keys = append(keys, o.Key)
		}
		if after = p.Next; after == 0 {
			if pages != 3 {
				t.Errorf("%d pages, want 3", pages)
			}
			break
		}
	}
	if got := strings.Join(keys, " "); got != "k-0 k-1 k-2 k-3 k-4" {
		t.Errorf("keys %q, want each once", got)
	}
}

// away is a store whose database does not answer.
type away struct{ *Memory }

func (away) Place(ctx context.Context, _ Draft) ([]byte, bool, error) {
	return nil, false, errors.New("connection refused")
}

func TestADatabaseThatIsAwayIsSaid(t *testing.T) {
	w := call(testAPI(away{NewMemory()}), "POST", "/", "k", `{"client":"c","item":3,"quantity":1}`)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("POST = %d, Retry-After %q; want 503 with one", w.Code, w.Header().Get("Retry-After"))
	}
}
