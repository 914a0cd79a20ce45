package docker

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack"
)

// edgeOf is the edge's recipe, with what the platform lacks.
func edgeOf(t *testing.T, c stack.Choices) recipe {
	t.Helper()
	all := mutate(recipes("run", c), c)
	i := slices.IndexFunc(all, func(r recipe) bool { return r.component == stack.Edge })
	if i < 0 {
		t.Fatal("there is no edge")
	}
	return all[i]
}

func TestAnEdgeOfNginxIsToldWhatHAProxyIsTold(t *testing.T) {
	r := edgeOf(t, stack.Choices{Edge: stack.Nginx, Balance: stack.Weighted, Without: []string{"redispatch", "drain"}})
	want := []string{"fournines", "platform", "edge", "--name", "edge", "--listen", "8080", "--admin", ":8404", "--balance", "weighted",
		"--gateway", "gateway-1:8080=200", "--gateway", "gateway-2:8080=100", "--gateway", "gateway-3:8080=100",
		"--certificate", "/certs/server.pem", "--authority", "/certs/ca.pem", "--without", "redispatch"}
	if diff := cmp.Diff(want, r.command); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
	if !r.own || r.admin != edgeStatsPort || r.secure != edgePort || len(r.environment) > 0 {
		t.Errorf("recipe %+v: want one of the platform's own programs, with the ports of HAProxy", r)
	}
	if diff := cmp.Diff(map[uint16][]string{edgePort: {stack.Edge}, edgeStatsPort: {stack.EdgeAdmin}}, r.ports); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
	plain := edgeOf(t, stack.Choices{Edge: stack.Nginx, Without: []string{stack.TLS}})
	if text := strings.Join(plain.command, " "); strings.Contains(text, "--certificate") || len(plain.hosts) > 0 {
		t.Errorf("without TLS: %s, certified for %v", text, plain.hosts)
	}
}

func TestTheUsualEdgeIsHAProxy(t *testing.T) {
	for _, c := range []stack.Choices{{}, {Edge: stack.HAProxy}} {
		r := edgeOf(t, c)
		if r.own || !slices.Contains(r.environment, "EDGE_FIRST_WEIGHT=100") || r.ports[edgeStatsPort][0] != stack.EdgeStats {
			t.Errorf("%+v: recipe %+v", c, r)
		}
	}
	if r := edgeOf(t, stack.Choices{Balance: stack.Weighted}); !slices.Contains(r.environment, "EDGE_FIRST_WEIGHT=200") {
		t.Errorf("by weights: %v", r.environment)
	}
}

func TestEachEdgeIsToldInItsOwnWords(t *testing.T) {
	nginx := edgeOf(t, stack.Choices{Edge: stack.Nginx}).command
	if !isNginx(nginx) || isNginx(edgeOf(t, stack.Choices{}).command) || isNginx(recipeOf(t, "gateway-1").command) {
		t.Error("an edge of nginx is known by its command, and nothing else is taken for one")
	}
	for _, c := range []struct{ command, haproxy, nginx string }{
		{"weight gateway-1 7", "perl /etc/fournines/haproxy/admin.pl set server gateway/gateway-1 weight 7", "fournines platform edge-tell weight gateway-1 7"},
		{"reload", "perl /etc/fournines/haproxy/admin.pl reload", "fournines platform edge-tell reload"},
		{"certificate", "perl /etc/fournines/haproxy/admin.pl certificate /certs/server.pem", "fournines platform edge-tell reload"},
	} {
		words := strings.Fields(c.command)
		if got := strings.Join(haproxyCommand(words), " "); got != c.haproxy {
			t.Errorf("HAProxy: %q is %q, want %q", c.command, got, c.haproxy)
		}
		if got := strings.Join(nginxCommand(words), " "); got != c.nginx {
			t.Errorf("nginx: %q is %q, want %q", c.command, got, c.nginx)
		}
	}
}
