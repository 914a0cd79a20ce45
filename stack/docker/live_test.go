package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

// get fetches a page that must answer 200.
func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %s", url, response.Status, body)
	}
	return string(body), err
}

// query asks Prometheus and returns the values by the label replica.
func query(ctx context.Context, t *testing.T, st *docker.Stack, expr string) (map[string]string, error) {
	t.Helper()
	base, _ := st.URL(stack.Prometheus)
	body, err := get(ctx, base+"/api/v1/query?query="+url.QueryEscape(expr))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return nil, err
	}
	values := make(map[string]string)
	for _, r := range answer.Data.Result {
		values[r.Metric["replica"]] = fmt.Sprint(r.Value[1])
	}
	return values, nil
}

func TestConfigurationIsValid(t *testing.T) {
	st := sharedStack.up(t)
	for _, c := range []struct {
		rule, replica string
		command       []string
	}{
		{"Prometheus' configuration", "prometheus", []string{"promtool", "check", "config", "/etc/fournines/prometheus/prometheus.yml"}},
		{"the rules do what their own tests say", "prometheus", []string{"promtool", "test", "rules", "/etc/fournines/prometheus/rules_test.yml"}},
		{"Alertmanager's configuration", "alertmanager", []string{"amtool", "check-config", "/etc/fournines/alertmanager/alertmanager.yml"}},
		{"HAProxy's configuration, without a warning", "edge", []string{"haproxy", "-c", "-dW", "-f", "/etc/fournines/haproxy/haproxy.cfg"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if said, err := st.Exec(t.Context(), c.replica, c.command...); err != nil {
				t.Errorf("%v:\n%s", err, said)
			}
		})
	}
}

func TestContainersCanDoNoMoreThanTheyMust(t *testing.T) {
	st := sharedStack.up(t)
	for _, name := range docker.ReferenceNames() {
		t.Run(name, func(t *testing.T) {
			c, err := st.Inspect(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			h := c.HostConfig
			if fmt.Sprint(h.CapDrop) != "[ALL]" || len(h.CapAdd) > 0 || h.Privileged || !h.ReadonlyRootfs || fmt.Sprint(h.SecurityOpt) != "[no-new-privileges]" {
				t.Errorf("capabilities -%v +%v, privileged %v, read-only %v, security %v", h.CapDrop, h.CapAdd, h.Privileged, h.ReadonlyRootfs, h.SecurityOpt)
			}
			if h.Memory == 0 || h.PidsLimit == nil || *h.PidsLimit <= 0 || c.Config.User == "" {
				t.Errorf("memory limit %d, process limit %v, user %q: want all of them set", h.Memory, h.PidsLimit, c.Config.User)
			}
			for port, bindings := range c.NetworkSettings.Ports {
				for _, b := range bindings {
					if !b.HostIP.IsLoopback() {
						t.Errorf("port %v is published on %v, want a loopback address only", port, b.HostIP)
					}
				}
			}
			if len(c.NetworkSettings.Networks) != 1 || c.NetworkSettings.Networks["fournines-"+st.RunID()+"-net"] == nil {
				t.Errorf("networks %v, want the run's own and no other", c.NetworkSettings.Networks)
			}
		})
	}
}

func TestMonitoringSeesTheStack(t *testing.T) {
	st := sharedStack.up(t)
	eventually(t, "every replica is up in Prometheus", func(ctx context.Context) error {
		up, err := query(ctx, t, st, "up == 1")
		if err == nil && len(up) != len(docker.ReferenceNames()) {
			err = fmt.Errorf("up: %v", up)
		}
		return err
	})
	eventually(t, "the availability of a stack that answers is 1", func(ctx context.Context) error {
		if err := st.Read(ctx, "/api/catalog/items/2"); err != nil {
			t.Fatal(err)
		}
		ratio, err := query(ctx, t, st, "fournines:edge_availability:ratio5s")
		if err == nil && ratio[""] != "1" {
			err = fmt.Errorf("availability: %v", ratio)
		}
		return err
	})

	r, _ := stack.Find(st, "catalog-2")
	if err := r.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	eventually(t, "InstanceDown fires and names catalog-2, and nobody else", func(ctx context.Context) error {
		firing, err := query(ctx, t, st, `ALERTS{alertname="InstanceDown",alertstate="firing"}`)
		if err == nil && (len(firing) != 1 || firing["catalog-2"] != "1") {
			err = fmt.Errorf("firing: %v", firing)
		}
		return err
	})
	t.Logf("the alert fired %v after the kill", time.Since(killed).Round(10*time.Millisecond))
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "InstanceDown ends", func(ctx context.Context) error {
		firing, err := query(ctx, t, st, `ALERTS{alertname="InstanceDown"}`)
		if err == nil && len(firing) > 0 {
			err = fmt.Errorf("alerts: %v", firing)
		}
		return err
	})
	if err := st.Await(t.Context()); err != nil {
		t.Error(err)
	}
}

// Two gateways that die and come back in the other order get each other's
// address: the edge must find both, and send neither's traffic elsewhere.
func TestEdgeFindsGatewaysThatCameBackWithOtherAddresses(t *testing.T) {
	st := sharedStack.up(t)
	address := func(name string) netip.Addr {
		t.Helper()
		c, err := st.Inspect(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range c.NetworkSettings.Networks {
			return n.IPAddress
		}
		return netip.Addr{}
	}
	names := []string{"catalog-1", "gateway-1", "gateway-2"}
	before := make(map[string]netip.Addr)
	for _, name := range names {
		before[name] = address(name)
	}
	for _, name := range names {
		r, _ := stack.Find(st, name)
		if err := r.Kill(t.Context(), "KILL"); err != nil {
			t.Fatal(err)
		}
	}
	// The engine gives the lowest free address to who comes first.
	slices.SortFunc(names, func(a, b string) int { return before[b].Compare(before[a]) })
	moved := false
	for _, name := range names {
		r, _ := stack.Find(st, name)
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		moved = moved || address(name) != before[name]
	}
	if err := st.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !moved {
		t.Skip("the engine gave every container its old address back: nothing to find")
	}
	stats, _ := st.URL(stack.EdgeStats)
	eventually(t, "the edge has the addresses that the gateways have now", func(ctx context.Context) error {
		page, err := get(ctx, stats+"/stats;csv")
		if err != nil {
			return err
		}
		for _, name := range []string{"gateway-1", "gateway-2"} {
			if want := address(name).String() + ":8080"; !hasServer(page, name, want) {
				return fmt.Errorf("%q is at %s and the edge thinks otherwise:\n%s", name, want, page)
			}
		}
		return nil
	})
	for range 30 {
		if err := st.Read(t.Context(), "/api/catalog/items/3"); err != nil {
			t.Error(err)
		}
	}
}

// hasServer reports whether the edge's statistics have the server with that
// address.
func hasServer(page, name, address string) bool {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "gateway,"+name+",") && strings.Contains(line, ","+address+",") {
			return true
		}
	}
	return false
}
