package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// shopScenario is a scenario for a shop whose edge is at url.
func shopScenario(name, url, faults, disruption string) string {
	return fmt.Sprintf(`apiVersion: fournines/v1
kind: Scenario
metadata: {name: %s}
hypothesis: the shop's readers notice little
load: {rate: 20/s, url: "%s"}
steady: {for: 1s, warmup: 2s}
disruption: {for: %s}
recovery: {for: 3s}
faults:
  %s
slo: {availability: 99%%}
limits: {failed: 50%%}
`, name, url, disruption, faults)
}

// shopFiles are the scenarios of the scripts.
func shopFiles(url string) map[string]string {
	on := func(target string) string { return "- {action: container-kill, target: " + target + "}" }
	return map[string]string{
		"kill.yaml":   shopScenario("kill", url, on("{component: web, mode: one}"), "3s"),
		"two.yaml":    shopScenario("two", url, on("{component: web, mode: fixed, value: 2}"), "3s"),
		"all.yaml":    shopScenario("all", url, on("{component: web, mode: all}"), "10m"),
		"harm.yaml":   strings.Replace(shopScenario("harm", url, on("{component: web, mode: all}"), "10m"), "failed: 50%", "failed: 0.1%", 1),
		"slow.yaml":   strings.Replace(shopScenario("slow", url, on("{component: web, mode: one}"), "3s"), "for: 1s", "for: 10s", 1),
		"delay.yaml":  shopScenario("delay", url, "- {action: delay, target: {component: web, mode: one}, latency: 20ms}", "3s"),
		"edge.yaml":   shopScenario("edge", url, on("{component: edge, mode: all}"), "3s"),
		"last.yaml":   shopScenario("last", url, on("{component: edge, mode: one}"), "3s"),
		"typo.yaml":   shopScenario("typo", url, on("{component: wbe}"), "3s"),
		"both.yaml":   shopScenario("both", url, on("{component: web, mode: all}")+"\n  - {action: container-pause, target: {component: web, mode: all}}", "3s"),
		"abroad.yaml": shopScenario("abroad", "http://192.0.2.1/", on("{component: web, mode: one}"), "3s"),
		"quiet.yaml":  strings.NewReplacer("disruption: {for: 3s}\nrecovery: {for: 3s}\nfaults:\n  - {action: noop}\n", "", "limits: {failed: 50%}\n", "").Replace(shopScenario("quiet", url, "- {action: noop}", "3s")),
	}
}

// shopLabels are those of containers that may be broken.
var shopLabels = []string{docker.LabelAllowFaults + "=" + docker.LabelAllowed, docker.LabelReady + "=8080/healthz"}

// TestAttached works on a shop that is up: an edge that nobody may break
// before three web servers that everybody may.
func TestAttached(t *testing.T) {
	project := fmt.Sprintf("fournines-attached-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 3, shopLabels...)
	t.Run("what is refused, or only looked at", func(t *testing.T) { shopScripts(t, shop, "testdata/attached") })
	t.Run("runs", func(t *testing.T) { shopScripts(t, shop, "testdata/attachedrun") })
	t.Run("a lever ends faults and run", func(t *testing.T) { pullLever(t, shop) })
	t.Run("so does a safety stop", func(t *testing.T) { dockertest.Slow(t); stopForSafety(t, shop) })
	t.Run("a replica that went down by itself counts", func(t *testing.T) { dockertest.Slow(t); loseAnother(t, shop) })
	for i := 1; i <= 3; i++ {
		if status := shop.Docker("inspect", "--format", "{{.State.Status}}", shop.Container("web", i)); status != "running" {
			t.Errorf("after all runs web-%d is %s, want it running", i, status)
		}
	}
}

// shopScripts runs the scripts of a folder.
func shopScripts(t *testing.T, shop *dockertest.Shop, dir string) {
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			for _, name := range ciMarks {
				env.Setenv(name, "")
			}
			env.Setenv("PROJECT", shop.Project)
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			return writeShopFiles(env.WorkDir, shop.URL)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "judged": judged, "rundir": rundir},
	})
}

func writeShopFiles(dir, url string) error {
	for name, text := range shopFiles(url) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// startShopRun starts a run against the shop in a folder with its scenarios.
func startShopRun(t *testing.T, shop *dockertest.Shop, scenario string, args ...string) *child {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	if err := writeShopFiles(dir, shop.URL); err != nil {
		t.Fatal(err)
	}
	return startChildIn(t, dir, append([]string{"run", scenario, "--stack", "compose:" + shop.Project, "--allow-faults", "--seed", "1"}, args...)...)
}

// endOf is the evidence of the first trial of a child's run.
func endOf(c *child) harness.Evidence {
	c.t.Helper()
	all, err := savedEvidence(c.runDir())
	if err != nil || len(all) == 0 {
		c.t.Fatalf("evidence of %d trials, %v; stderr:\n%s", len(all), err, c.stderr())
	}
	for _, in := range all[0].Injections {
		c.t.Logf("%s: recovering took %s", in.Fault, (in.RemovedAt - in.RecoverAt).Round(time.Millisecond))
		if !in.Removed {
			c.t.Errorf("%s was not seen removed: %+v", in.Fault, in)
		}
	}
	return all[0]
}

func pullLever(t *testing.T, shop *dockertest.Shop) {
	lever := filepath.Join(t.TempDir(), "stop")
	c := startShopRun(t, shop, "all.yaml", "--trials", "2", "--lever", lever)
	c.await("injected container-kill")
	if err := os.WriteFile(lever, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	pulled := time.Now()
	c.await("recovered container-kill")
	t.Logf("all replicas were back %s after the lever was pulled", time.Since(pulled).Round(time.Millisecond))
	if got := c.wait(); got != exitInvalid {
		t.Errorf("exit code %d, want %d; stderr:\n%s", got, exitInvalid, c.stderr())
	}
	if ev := endOf(c); ev.End.Code != harness.SafetyLever {
		t.Errorf("its end is %+v, want %s", ev.End, harness.SafetyLever)
	}
	all, err := savedEvidence(c.runDir())
	if err != nil || len(all) != 2 || len(all[1].Problems) != 1 || all[1].Problems[0].Code != harness.SafetyLever || len(all[1].Seconds) > 0 {
		t.Errorf("evidence of %d trials, %v, want a second one that was not run because of the lever", len(all), err)
	}
}

func stopForSafety(t *testing.T, shop *dockertest.Shop) {
	c := startShopRun(t, shop, "harm.yaml")
	if got := c.wait(); got != exitMissed {
		t.Errorf("exit code %d, want %d; stderr:\n%s", got, exitMissed, c.stderr())
	}
	if ev := endOf(c); ev.End.Code != harness.SafetyStop {
		t.Errorf("its end is %+v, want %s", ev.End, harness.SafetyStop)
	}
}

func loseAnother(t *testing.T, shop *dockertest.Shop) {
	c := startShopRun(t, shop, "slow.yaml")
	c.await("baseline, ")
	plans, err := c.runDir().Plans()
	if err != nil || len(plans) != 1 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	other := 1
	if plans[0].Injections[0].Targets[0] == "web-1" {
		other = 2
	}
	shop.Docker("kill", shop.Container("web", other))
	defer shop.Docker("start", shop.Container("web", other))
	if got := c.wait(); got != exitInvalid {
		t.Errorf("exit code %d, want %d; stderr:\n%s", got, exitInvalid, c.stderr())
	}
	ev := endOf(c)
	if len(ev.Problems) != 1 || ev.Problems[0].Code != harness.BlastRadius || len(ev.Injections) > 0 {
		t.Errorf("problems %+v and %d injections, want %s and none", ev.Problems, len(ev.Injections), harness.BlastRadius)
	}
}

func TestARunAgainstAKeptStack(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"up", "--json"}, strings.NewReader(""), &out, &errs); code != exitPass {
		t.Fatalf("up = %d; stderr:\n%s", code, errs.String())
	}
	var up upResult
	if err := json.Unmarshal([]byte(out.String()), &up); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := docker.Remove(context.Background(), up.RunID); err != nil {
			t.Error(err)
		}
	})
	stack := "kept:" + up.RunID
	errs.Reset()
	if code := run(t.Context(), []string{"run", "--stack", stack, "--out", t.TempDir()}, strings.NewReader(""), &out, &errs); code != exitUsage ||
		!strings.Contains(errs.String(), "attached read-only: add --allow-faults") {
		t.Errorf("without permission = %d, want it refused; stderr:\n%s", code, errs.String())
	}
	c := startChild(t, "run", "--stack", stack, "--allow-faults", "--for", "3s")
	c.await("injected container-kill")
	c.wait()
	ev := endOf(c)
	if ev.Stack.Kind != "docker" || len(ev.Injections) != 1 || !ev.Injections[0].Effective {
		t.Errorf("stack %q, injections %+v, want a kill on the kept stack", ev.Stack.Kind, ev.Injections)
	}
	if f, ok := onEngine(t, up.RunID); !ok || len(f.Replicas) != 11 || !f.Kept || f.Alive {
		t.Errorf("after the run the kept stack is %+v, want it as it was", f)
	}
}
