package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/fournines/fournines/stack"
)

// dashboard is what this test reads of a dashboard.
type dashboard struct {
	UID, Title string
	Panels     []struct {
		ID      int
		Title   string
		Targets []struct{ Expr string }
	}
}

// TestDashboardsShowWhatThePlatformHas asks the platform's own Prometheus every
// question of every dashboard: each has an answer that is not empty.
func TestDashboardsShowWhatThePlatformHas(t *testing.T) {
	st := sharedStack.up(t)
	files, err := filepath.Glob("../../fixtures/grafana/dashboards/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("dashboards: %v, %v; want some", files, err)
	}
	prometheus, _ := st.URL(stack.Prometheus)
	uids := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if other := uids[d.UID]; d.UID == "" || other != "" {
			t.Errorf("%s has the uid %q of %q; want one of its own", file, d.UID, other)
		}
		uids[d.UID] = file
		for _, p := range d.Panels {
			if len(p.Targets) == 0 {
				t.Errorf("%s: %q asks nothing", d.Title, p.Title)
			}
			for _, q := range p.Targets {
				t.Run(d.Title+": "+p.Title, func(t *testing.T) {
					eventually(t, q.Expr, func(ctx context.Context) error {
						// Rates are of what is asked for: somebody has to ask.
						if err := st.Read(ctx, "/api/catalog/items/1"); err != nil {
							return err
						}
						return answered(ctx, prometheus, q.Expr)
					})
				})
			}
		}
	}
}

// answered is nil when Prometheus has at least one sample for a query.
func answered(ctx context.Context, prometheus, query string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, prometheus+"/api/v1/query?query="+url.QueryEscape(query), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Status, Error string
		Data          struct{ Result []json.RawMessage }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" || len(answer.Data.Result) == 0 {
		return fmt.Errorf("want at least one sample, saw %s %s with %d", answer.Status, answer.Error, len(answer.Data.Result))
	}
	return nil
}
