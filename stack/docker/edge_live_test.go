package docker_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/platform/transition"
)

// answers is how many requests a share is measured by, and near how far it may
// be from the wanted one: 5 standard deviations of what chance alone does to a
// third of them.
const (
	answers = 400
	near    = 0.12
)

// TestEveryWayToBalanceOnEveryEdge reads from the answers who served them.
func TestEveryWayToBalanceOnEveryEdge(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	for _, edge := range stack.Edges() {
		for _, balance := range stack.Balances() {
			t.Run(edge+" "+balance, func(t *testing.T) {
				st := upWith(t, stack.Choices{Edge: edge, Balance: balance, Components: []string{"edge"}, Without: []string{"rate-limit"}})
				weights, total := st.Weights(), 0
				for _, w := range weights {
					total += w
				}
				client := clientOf(t, st)
				served := map[string]int{}
				for range answers {
					served[whoServes(t, client, st)]++
				}
				limit := near
				if balance == stack.RoundRobin || balance == stack.Weighted {
					limit = 0.02 // nothing is left to chance
				}
				for name, w := range weights {
					share, want := float64(served[name])/answers, float64(w)/float64(total)
					t.Logf("%s: %.1f %%, wanted %.1f %%", name, 100*share, 100*want)
					if math.Abs(share-want) > limit {
						t.Errorf("%s answered %d of %d: want a share of %.3f within %.2f", name, served[name], answers, want, limit)
					}
				}
			})
		}
	}
}

// TestAnEdgeTriesGatewaysThatAllLookDead: checks that fail for all at once are
// more likely a machine that is busy than three dead gateways.
func TestAnEdgeTriesGatewaysThatAllLookDead(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st := upWith(t, stack.Choices{Components: []string{"edge"}, Without: []string{"rate-limit"}})
	client := clientOf(t, st)
	for gateway := range st.Weights() {
		said, err := st.Exec(t.Context(), "edge", "perl", "/etc/fournines/haproxy/admin.pl", "set", "server", "gateway/"+gateway, "state", "maint")
		if err != nil || said != "" {
			t.Fatalf("take %s out: %v, %q", gateway, err, said)
		}
	}
	for range 30 {
		whoServes(t, client, st)
	}
}

// TestAnEdgeOfNginx is about what nginx has to be helped with.
func TestAnEdgeOfNginx(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st := upWith(t, stack.Choices{Edge: stack.Nginx, Components: []string{"edge", stack.Prometheus}, Without: []string{"rate-limit"}})
	if st.Versions()["nginx"] == "" {
		t.Errorf("versions %v, want nginx's among them", st.Versions())
	}
	client := clientOf(t, st)
	t.Run("it has read its configuration without a warning", func(t *testing.T) {
		said, err := st.Exec(t.Context(), "edge", "nginx", "-t", "-e", "stderr", "-p", "/scratch", "-c", "/scratch/nginx.conf")
		if err != nil || strings.Contains(said, "warn") {
			t.Errorf("%v:\n%s", err, said)
		}
	})
	t.Run("Prometheus counts its answers by their code", func(t *testing.T) {
		eventually(t, "the availability is 1", func(ctx context.Context) error {
			whoServes(t, client, st)
			ratio, err := query(ctx, t, st, "fournines:edge_availability:ratio5s")
			if err == nil && ratio[""] != "1" {
				err = fmt.Errorf("availability: %v", ratio)
			}
			return err
		})
	})
	t.Run("a gateway that is gone costs no request, and is left alone", func(t *testing.T) {
		r, _ := stack.Find(st, "gateway-2")
		if err := r.Kill(t.Context(), "KILL"); err != nil {
			t.Fatal(err)
		}
		admin, _ := st.URL(stack.EdgeAdmin)
		eventually(t, "nginx says so", func(ctx context.Context) error {
			if name := whoServes(t, client, st); name == "gateway-2" {
				t.Error("a gateway that is gone has answered")
			}
			said, err := get(ctx, admin+transition.Path)
			if err == nil && !strings.Contains(said, `"kind":"ejected","service":"gateway","subject":"gateway-2"`) {
				err = fmt.Errorf("transitions: %s", said)
			}
			return err
		})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it answers again", func(ctx context.Context) error {
			if name := whoServes(t, client, st); name != "gateway-2" {
				return fmt.Errorf("%s answered", name)
			}
			return nil
		})
	})
}

// upWith brings up a platform of its own for a test.
func upWith(t *testing.T, c stack.Choices) *docker.Stack {
	t.Helper()
	st, err := docker.Up(t.Context(), docker.Options{RunID: runID("edge"), NoController: true, Choices: c, Progress: logSteps(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return st
}

// clientOf trusts st's authority and nobody else.
func clientOf(t *testing.T, st *docker.Stack) *http.Client {
	t.Helper()
	own := x509.NewCertPool()
	if !own.AppendCertsFromPEM(st.Authority()) {
		t.Fatal("the stack's authority is no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 5 * time.Second}
}

// whoServes asks the edge for an item and returns the gateway that answered.
func whoServes(t *testing.T, client *http.Client, st *docker.Stack) string {
	t.Helper()
	edge, _ := st.URL(stack.Edge)
	answer, err := client.Get(edge + "/api/catalog/items/1")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	return answer.Header.Get("X-Served-By")
}
