package observe

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness/loopback"
)

func TestFetch(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/document":
			io.WriteString(w, r.URL.RawQuery)
		case "/starting":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/endless":
			w.Write(make([]byte, maxDocument+1))
		case "/largest":
			w.Write(make([]byte, maxDocument))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer srv.Close()
	at := func(url string) source { return newSource(func() (string, bool) { return url, true }) }

	t.Run("a document is fetched with its query", func(t *testing.T) {
		body, err := at(srv.URL).fetch(t.Context(), "/document?after=7")
		if err != nil || string(body) != "after=7" {
			t.Errorf("fetch = %q, %v", body, err)
		}
	})
	t.Run("a document of the greatest length is whole", func(t *testing.T) {
		if body, err := at(srv.URL).fetch(t.Context(), "/largest"); err != nil || len(body) != maxDocument {
			t.Errorf("fetch = %d bytes, %v", len(body), err)
		}
	})
	tests := []struct {
		rule    string
		source  source
		path    string
		useless bool
		want    string
	}{
		{"a server that has no such document is of no use", at(srv.URL), "/else", true, "expected status 200, saw 404 Not Found"},
		{"a server that is not ready may become so", at(srv.URL), "/starting", false, "503"},
		{"a server that is busy may become idle", at(srv.URL), "/busy", false, "429"},
		{"a document without end is of no use", at(srv.URL), "/endless", true, "more than"},
		{"a server that is nowhere may come", newSource(func() (string, bool) { return "", false }), "/", false, errNowhere.Error()},
		{"another machine is not asked", at("http://192.0.2.1"), "/", true, loopback.ErrNotAllowed.Error()},
		{"something that is no URL is of no use", at("http://%zz"), "/", true, "%zz"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			_, err := test.source.fetch(t.Context(), test.path)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("fetch = %v, want an error with %q", err, test.want)
			}
			if got := errors.As(err, new(useless)); got != test.useless {
				t.Errorf("useless = %v, want %v: %v", got, test.useless, err)
			}
		})
	}
}

func TestFetchGivesUpOnAServerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := answering(func(r *http.Request) (int, string, error) {
			<-r.Context().Done()
			return 0, "", r.Context().Err()
		}).fetch(t.Context(), "/")
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != askTimeout {
			t.Errorf("fetch = %v after %v, want a deadline after %v", err, took, askTimeout)
		}
		if errors.As(err, new(useless)) {
			t.Error("a server that hangs is taken for useless")
		}
	})
}
