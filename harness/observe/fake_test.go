package observe

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

// answers is a server without a socket, so that it can be asked inside a
// synctest bubble. It answers with a document, a status or an error.
type answers func(*http.Request) (status int, body string, err error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, err := a(r)
	if err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	rec.WriteHeader(status)
	io.WriteString(rec, body)
	return rec.Result(), nil
}

// answering is a source that asks a.
func answering(a answers) source {
	return source{
		client: &http.Client{Transport: a},
		base:   func() (string, bool) { return "http://127.0.0.1:1", true },
	}
}

// signals runs o for d and returns what it emitted.
func signals(t *testing.T, o harness.Observer, d time.Duration) []harness.Signal {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var got []harness.Signal
	if err := o.Observe(ctx, func(s harness.Signal) { got = append(got, s) }); err != nil {
		t.Fatalf("Observe = %v, want nil", err)
	}
	return got
}

// same fails the test when got is not what was wanted; all times are compared.
func same(t *testing.T, want, got []harness.Signal) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}

// document is a recorded answer of a real server.
func document(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
