package catalog

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

func ask(t *testing.T, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	items, err := newStore()
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	newAPI(items).ServeHTTP(rec, httptest.NewRequest(method, path, nil))
	return rec
}

func TestLists(t *testing.T) {
	for _, tt := range []struct {
		rule, path   string
		first, n     int
		total, limit int
	}{
		{"without parameters the first page", "/items", 1, 20, 500, 20},
		{"limit and offset", "/items?limit=3&offset=10", 11, 3, 500, 3},
		{"the largest page", "/items?limit=100", 1, 100, 500, 100},
		{"the last page is short", "/items?limit=100&offset=450", 451, 50, 500, 100},
		{"an offset behind the end", "/items?offset=500", 0, 0, 500, 20},
		{"a far offset", "/items?offset=2000000000", 0, 0, 500, 20},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			rec := ask(t, http.MethodGet, tt.path)
			var got page
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != 200 {
				t.Fatalf("status %d, %v", rec.Code, err)
			}
			if len(got.Items) != tt.n || got.Items == nil || got.Total != tt.total || got.Limit != tt.limit {
				t.Errorf("%d items (nil: %v) of %d with limit %d, want %d of %d with %d", len(got.Items), got.Items == nil, got.Total, got.Limit, tt.n, tt.total, tt.limit)
			}
			if tt.n > 0 && got.Items[0].ID != tt.first {
				t.Errorf("first item is %d, want %d", got.Items[0].ID, tt.first)
			}
			if length := rec.Header().Get("Content-Length"); length != strconv.Itoa(rec.Body.Len()) {
				t.Errorf("Content-Length is %q, body has %d bytes", length, rec.Body.Len())
			}
		})
	}
}

func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		code         int
		says         string
	}{
		{"GET", "/items/1", 200, `"id":1`},
		{"HEAD", "/items/1", 200, ""},
		{"GET", "/items/500", 200, `"id":500`},
		{"GET", "/items/0", 404, "no item 0"},
		{"GET", "/items/501", 404, "want 1 to 500"},
		{"GET", "/items/-1", 404, "no item -1"},
		{"GET", "/items/tea", 400, `\"tea\"`},
		{"GET", "/items/99999999999999999999", 400, "want a number"},
		{"GET", "/items?limit=0", 400, "limit"},
		{"GET", "/items?limit=101", 400, "from 1 to 100"},
		{"GET", "/items?limit=x", 400, "limit"},
		{"GET", "/items?offset=-1", 400, "offset"},
		{"GET", "/search", 400, "q has 0 bytes"},
		{"GET", "/search?q=%20", 400, "q has 0 bytes"},
		{"GET", "/search?q=" + strings.Repeat("x", 101), 400, "q has 101 bytes"},
		{"GET", "/search?q=OAK+tray", 200, `"name":"Oak tray"`},
		{"GET", "/search?q=nothing-like-this", 200, `"items":[],"total":0`},
		{"POST", "/items", 405, ""},
		{"GET", "/elsewhere", 404, ""},
	} {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			rec := ask(t, tt.method, tt.path)
			if rec.Code != tt.code || !strings.Contains(rec.Body.String(), tt.says) {
				t.Errorf("status %d %s, want %d with %q", rec.Code, rec.Body, tt.code, tt.says)
			}
		})
	}
}

func TestSearchCountsMoreThanItShows(t *testing.T) {
	var got page
	if err := json.Unmarshal(ask(t, http.MethodGet, "/search?q=tea").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != defaultLimit || got.Total <= defaultLimit {
		t.Errorf("%d items of %d, want %d of more", len(got.Items), got.Total, defaultLimit)
	}
}
