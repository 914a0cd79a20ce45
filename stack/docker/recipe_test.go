package docker

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/fixtures"
	"github.com/fournines/fournines/stack"
)

// referenceNames are the replicas of stack.Reference that are containers, in
// its order.
func referenceNames() []string {
	var names []string
	for _, part := range stack.Reference() {
		if part.Component == stack.Controller {
			continue
		}
		for i := 1; i <= part.Replicas; i++ {
			names = append(names, part.ReplicaName(i))
		}
	}
	return names
}

func TestRecipes(t *testing.T) {
	all := recipes("run", stack.Choices{})
	t.Run("there is one for every replica of the reference platform", func(t *testing.T) {
		var got []string
		for _, r := range all {
			got = append(got, r.name)
		}
		if diff := cmp.Diff(referenceNames(), got); diff != "" {
			t.Errorf("replicas (-reference +recipes):\n%s", diff)
		}
	})
	t.Run("every endpoint is published exactly once", func(t *testing.T) {
		var got []string
		for _, r := range all {
			for _, names := range r.ports {
				got = append(got, names...)
			}
		}
		want := append(referenceNames(), stack.EdgeStats, stack.Registry)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("endpoints (-want +got):\n%s", diff)
		}
	})
	t.Run("every replica publishes the port that says whether it is ready", func(t *testing.T) {
		for _, r := range all {
			if _, ok := r.ports[r.admin]; !ok || r.readyPath == "" {
				t.Errorf("%q: readiness is at port %d, path %q, and %v are published", r.name, r.admin, r.readyPath, r.ports)
			}
		}
	})
	t.Run("the registry's members have a memory that outlives them", func(t *testing.T) {
		for _, r := range all {
			if r.component == "etcd" && r.volume == "" {
				t.Errorf("%q would rejoin its cluster without the log that it voted with", r.name)
			}
		}
	})
}

func TestConfigurationNamesTheReferencePlatform(t *testing.T) {
	read := func(t *testing.T, path string) string {
		t.Helper()
		raw, err := fs.ReadFile(fixtures.Files, path)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	t.Run("the edge has every gateway as a server of its name", func(t *testing.T) {
		config := read(t, "haproxy/haproxy.cfg")
		for _, name := range referenceNames() {
			if want := "server " + name + " " + name + ":8080"; strings.HasPrefix(name, "gateway") && !strings.Contains(config, want) {
				t.Errorf("haproxy.cfg has no line %q", want)
			}
		}
	})
	t.Run("Prometheus reads every replica", func(t *testing.T) {
		var targets []scrape
		for _, r := range recipes("run", stack.Choices{}) {
			for _, variable := range r.environment {
				if text, ok := strings.CutPrefix(variable, targetsVariable+"="); ok && r.component == stack.Prometheus {
					if err := json.Unmarshal([]byte(text), &targets); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		var got []string
		for _, target := range targets {
			got = append(got, target.Labels["replica"])
		}
		if diff := cmp.Diff(referenceNames(), got); diff != "" {
			t.Errorf("targets (-reference +scraped):\n%s", diff)
		}
		want := scrape{[]string{"catalog-2:9090"}, map[string]string{"replica": "catalog-2", "component": "catalog", "node": "b"}}
		if !slices.ContainsFunc(targets, func(s scrape) bool { return cmp.Equal(s, want) }) {
			t.Errorf("targets %+v, want %+v among them", targets, want)
		}
	})
	t.Run("alerts go to the Alertmanager and on to the pager", func(t *testing.T) {
		if want := "alertmanager:9093"; !strings.Contains(read(t, "prometheus/prometheus.yml"), want) {
			t.Errorf("prometheus.yml does not name %s", want)
		}
		if want := "http://pager:8080/notify"; !strings.Contains(read(t, "alertmanager/alertmanager.yml"), want) {
			t.Errorf("alertmanager.yml does not name %s", want)
		}
	})
}
