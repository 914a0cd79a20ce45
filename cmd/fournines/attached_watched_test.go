package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// TestAWatchedShop breaks a compose project whose owner has an HAProxy before
// it, a Prometheus that scrapes it and an Alertmanager that calls: all three
// are real, and all three notice who it was.
func TestAWatchedShop(t *testing.T) {
	dockertest.Require(t)
	dockertest.Slow(t)
	shop := dockertest.NewShop(t, fmt.Sprintf("fournines-watched-%d", os.Getpid()), 0)
	image := monitoringImage(t, shop)
	ports := freePorts(t, 7)
	webs, edge, stats, prometheus, alertmanager, webhook := ports[:2], ports[2], ports[3], ports[4], ports[5], ports[6]
	for i, port := range webs {
		shop.RunWith("web", i+1, []string{"--publish", "127.0.0.1:" + port + ":8080"}, shopLabels, "web")
	}
	config := filepath.Join(t.TempDir(), "config")
	writeWatch(t, config, shop, webs, alertmanager, webhook)
	service := func(name string, flags []string, command ...string) {
		shop.Docker(slices.Concat([]string{
			"run", "--detach", "--name", shop.Container(name, 1), "--user", "0:0", "--cap-drop", "ALL", "--memory", "256m",
			"--volume", config + ":/config:ro",
			"--label", "com.docker.compose.project=" + shop.Project, "--label", "com.docker.compose.service=" + name,
			"--label", "com.docker.compose.container-number=1",
		}, flags, []string{image}, command)...)
	}
	inside := []string{"--network", shop.Network(), "--publish", "127.0.0.1:" + edge + ":8080", "--publish", "127.0.0.1:" + stats + ":8404"}
	service("haproxy", inside, "haproxy", "-W", "-db", "-f", "/config/haproxy.cfg")
	service("alertmanager", []string{"--network", "host", "--tmpfs", "/data"}, "prometheus-alertmanager",
		"--config.file=/config/alertmanager.yml", "--storage.path=/data", "--cluster.listen-address=", "--web.listen-address=127.0.0.1:"+alertmanager)
	service("prometheus", []string{"--network", "host", "--tmpfs", "/data"}, "prometheus",
		"--config.file=/config/prometheus.yml", "--storage.tsdb.path=/data", "--web.listen-address=127.0.0.1:"+prometheus)
	for _, url := range []string{edge + "/", stats + "/stats;csv", prometheus + "/-/ready", alertmanager + "/-/ready"} {
		awaitPage(t, "http://127.0.0.1:"+url)
	}

	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	scenario := shopScenario("watched", "http://127.0.0.1:"+edge+"/", "- {action: container-kill, target: {component: web, mode: one}}", "12s")
	scenario = strings.Replace(scenario, "limits: {failed: 50%}", "limits: {failed: 50%, detection: 10s}", 1)
	scenario = strings.Replace(scenario, "recovery: {for: 3s}", "recovery: {for: 10s}", 1)
	if err := os.WriteFile(filepath.Join(dir, "watched.yaml"), []byte(scenario), 0o644); err != nil {
		t.Fatal(err)
	}
	c := startChildIn(t, dir, "run", "watched.yaml", "--stack", "compose:"+shop.Project, "--allow-faults", "--seed", "1",
		"--prometheus", "http://127.0.0.1:"+prometheus, "--haproxy", "http://127.0.0.1:"+stats+"/stats", "--webhook", "127.0.0.1:"+webhook)
	t.Logf("exit code %d:\n%s", c.wait(), &c.out)
	ev := endOf(c)
	if len(ev.Injections) != 1 || !ev.Injections[0].Effective {
		t.Fatalf("injections %+v, stderr:\n%s", ev.Injections, c.stderr())
	}
	broken := ev.Injections[0].Targets[0]
	for _, source := range []string{"haproxy", "prometheus", "alertmanager"} {
		at := slices.IndexFunc(ev.Signals, func(s harness.Signal) bool {
			return s.Source == source && s.Kind.Detects() && s.Subject == broken
		})
		if at < 0 {
			t.Errorf("%s did not notice %s: %+v", source, broken, ev.Signals)
			continue
		}
		s := ev.Signals[at]
		t.Logf("%s: %s %s after %s", source, s.Subject, s.Kind, s.At-ev.Injections[0].InjectAt)
	}
	m := harness.Measure(ev).Recovery
	if m.Detected.State != harness.Seen || m.Diagnosed.State != harness.Seen || m.Misnamed.State == harness.Seen || m.Paged.State != harness.Seen {
		t.Errorf("recovery %+v; want it detected, named right and paged", m)
	}
}

// writeWatch writes what the shop's HAProxy, Prometheus and Alertmanager read.
func writeWatch(t *testing.T, dir string, shop *dockertest.Shop, webs []string, alertmanager, webhook string) {
	t.Helper()
	var servers, targets strings.Builder
	for i, port := range webs {
		fmt.Fprintf(&servers, "  server web-%d %s:8080 check inter 200ms fall 2 rise 2 resolvers engine init-addr libc,none\n", i+1, shop.Container("web", i+1))
		fmt.Fprintf(&targets, "      - {targets: ['127.0.0.1:%s'], labels: {replica: web-%d}}\n", port, i+1)
	}
	for name, text := range map[string]string{
		"haproxy.cfg": `resolvers engine
  nameserver embedded 127.0.0.11:53
  hold valid 1s
defaults
  mode http
  timeout connect 300ms
  timeout client 5s
  timeout server 2s
  option redispatch 1
  retries 2
  retry-on conn-failure empty-response
frontend shop
  bind :8080
  default_backend web
frontend stats
  bind :8404
  stats enable
  stats uri /stats
backend web
  option httpchk GET /healthz
` + servers.String(),
		"prometheus.yml": `global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [/config/rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{targets: ['127.0.0.1:` + alertmanager + `']}]
scrape_configs:
  - job_name: web
    static_configs:
` + targets.String(),
		"rules.yml": `groups:
  - name: shop
    rules:
      - {alert: WebDown, expr: 'up{job="web"} == 0'}
`,
		"alertmanager.yml": `route: {receiver: person, group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
receivers:
  - name: person
    webhook_configs: [{url: 'http://127.0.0.1:` + webhook + `/', send_resolved: true}]
`,
	} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// monitoringImage is an image with HAProxy, Prometheus and Alertmanager: that
// of the reference platform.
func monitoringImage(t *testing.T, shop *dockertest.Shop) string {
	t.Helper()
	st, err := docker.Up(t.Context(), docker.Options{RunID: fmt.Sprintf("watched-%d", os.Getpid()), Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	return shop.Docker("inspect", "--format", "{{.Config.Image}}", st.Components()[0].Replicas[0].ID())
}

// freePorts are ports of this machine that nobody listens on.
func freePorts(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		ports = append(ports, port)
	}
	return ports
}

// awaitPage returns when a page is served.
func awaitPage(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s is not served: %v", url, ctx.Err())
		case <-pause.C:
		}
	}
}
