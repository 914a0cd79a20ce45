package observe

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheStatisticsOfSomebodysOwnHAProxy(t *testing.T) {
	doc := document(t, "haproxy-2.6.csv")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.String() {
		case "/stats;csv", "/?stats;csv":
			w.Write([]byte(doc))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	for _, page := range []string{"/stats", "/stats;csv", "/?stats"} {
		got, err := AskHAProxy(t.Context(), server.URL+page)
		if diff := cmp.Diff([]string{"gateways", "gateway-1", "gateway-2", "gateway-3", "plain", "other"}, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", page, err, diff)
		}
	}
	if _, err := AskHAProxy(t.Context(), server.URL+"/other"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a page that is not there: %v", err)
	}
	if _, err := AskHAProxy(t.Context(), "http://192.0.2.1/stats"); err == nil || !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("another machine: %v", err)
	}
	if o := HAProxy(server.URL, 1); o.String() != "haproxy" {
		t.Errorf("its source is %q", o)
	}
}

func TestAskingPrometheusOnce(t *testing.T) {
	doc := `{"status":"success","data":{"alerts":[]}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(doc)) }))
	t.Cleanup(server.Close)
	if err := AskAlerts(t.Context(), server.URL); err != nil {
		t.Error(err)
	}
	doc = `<html>`
	if err := AskAlerts(t.Context(), server.URL); err == nil || !strings.Contains(err.Error(), "read alerts of Prometheus") {
		t.Errorf("another document: %v", err)
	}
}
