package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// crashTarget is the replica that is broken.
const crashTarget = "web-1"

// crashSite is somebody's own service with a web server that is broken, a
// second one that is not, and an edge before them.
type crashSite struct {
	t      testing.TB
	shop   *dockertest.Shop
	target string // the engine's name of the target's container
	look   string // the image of the command look
	// kept is the kept stack that the site is in place of a project, edge where
	// its clients send their requests.
	kept, edge string
	// fingerprints is what can be seen from outside, by name. The error says
	// what cannot be seen now.
	fingerprints func(context.Context) (map[string]string, error)
}

func newCrashSite(t testing.TB) *crashSite {
	t.Helper()
	project := fmt.Sprintf("fournines-crash-%d", os.Getpid())
	// A container that was made anew holds its volume by name, and is no reason
	// to remove it with the container: that is done here, once the shop is gone.
	data := project + "-data"
	t.Cleanup(func() {
		if _, err := dockerOutput(context.Background(), "volume", "rm", "--force", data); err != nil {
			t.Error(err)
		}
	})
	labels := []string{docker.LabelAllowFaults + "=" + docker.LabelAllowed, docker.LabelReady + "=8080/healthz", docker.LabelPort + "=8080"}
	s := &crashSite{t: t, shop: dockertest.NewShop(t, project, 0)}
	s.fingerprints = s.fingerprint
	s.target, s.edge = s.shop.Container("web", 1), s.shop.URL
	small := project + "-small" // a file system of its own, which can be filled
	s.shop.Docker("volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=8m", small)
	t.Cleanup(func() {
		for _, args := range [][]string{{"rm", "--force", "--volumes", s.target}, {"volume", "rm", "--force", small}} {
			if out, err := exec.CommandContext(context.Background(), "docker", args...).CombinedOutput(); err != nil {
				t.Errorf("docker %v: %v: %s", args, err, out)
			}
		}
	})
	s.shop.RunWith("web", 1, []string{"--user", "0:0", "--volume", data + ":/data", "--volume", small + ":/small"}, append(labels, docker.LabelNode+"=a"), "web")
	s.shop.Run("web", 2, append(labels, docker.LabelNode+"=b"), "web")
	s.buildLook(project)
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte(strings.Repeat("worth keeping\n", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	s.shop.Docker("cp", precious, s.target+":/data/precious")
	s.warm(project)
	return s
}

// warm has the image of the agents made, so that no injection waits for it.
func (s *crashSite) warm(project string) {
	s.t.Helper()
	st, err := docker.AttachCompose(s.t.Context(), project, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		s.t.Fatal(err)
	}
	target, _ := stack.Find(st, crashTarget)
	link, err := target.(fault.Host).Agent(s.t.Context(), nil, nil)
	if err == nil {
		err = link.Close()
	}
	if err := errors.Join(err, st.Down(s.t.Context())); err != nil {
		s.t.Fatalf("start an agent beside %s: %v", crashTarget, err)
	}
}

// buildLook makes an image of the command that looks from beside.
func (s *crashSite) buildLook(project string) {
	s.t.Helper()
	dir := s.t.TempDir()
	build := exec.CommandContext(s.t.Context(), "go", "build", "-o", filepath.Join(dir, "look"), "./testdata/look")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("build look: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nCOPY look /look\nENTRYPOINT [\"/look\"]\n"), 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.look = "fournines-test-look:" + project
	s.t.Cleanup(func() {
		if out, err := exec.CommandContext(context.Background(), "docker", "image", "rm", "--force", s.look).CombinedOutput(); err != nil {
			s.t.Errorf("remove image %s: %v: %s", s.look, err, out)
		}
	})
	s.shop.Docker("build", "--quiet", "--tag", s.look, dir)
}

// inspected is the part of the engine's view that a fault may change.
type inspected struct {
	ID           string
	RestartCount int
	State        struct {
		Status string
		Pid    int
	}
	HostConfig      map[string]any
	NetworkSettings struct {
		Networks map[string]struct{ Aliases []string }
		Ports    map[string][]struct{ HostIP, HostPort string }
	}
}

// fingerprint is what can be seen of the target from outside, by name. The
// error says what cannot be seen now.
func (s *crashSite) fingerprint(ctx context.Context) (map[string]string, error) {
	seen := map[string]string{}
	if err := engineFingerprint(ctx, s.target, "", seen); err != nil {
		return seen, err
	}
	c, err := inspect(ctx, s.target)
	if err != nil {
		return seen, err
	}
	if ports := c.NetworkSettings.Ports["8080/tcp"]; len(ports) > 0 {
		if seen["answers"], err = served("http://127.0.0.1:"+ports[0].HostPort+"/", nil); err != nil {
			return seen, err
		}
	}
	if seen["the edge"], err = served(s.shop.URL, nil); err != nil {
		return seen, err
	}
	processes, err := dockerOutput(ctx, "top", s.target, "-o", "pid,comm")
	if err != nil {
		return seen, err
	}
	for line := range strings.Lines(processes) {
		seen["processes"] += strings.Join(strings.Fields(line)[1:], " ") + " "
	}
	seen["from beside"], err = dockerOutput(ctx, "run", "--rm", "--network", "container:"+s.target, "--volumes-from", s.target,
		"--cap-drop", "ALL", "--cap-add", "NET_ADMIN", s.look, "/data", "/small")
	return seen, err
}

// inspect is what the engine says of one container.
func inspect(ctx context.Context, name string) (inspected, error) {
	raw, err := dockerOutput(ctx, "inspect", name)
	if err != nil {
		return inspected{}, err
	}
	var all []inspected
	err = json.Unmarshal([]byte(raw), &all)
	if err == nil && len(all) != 1 {
		err = errors.New("another number")
	}
	if err != nil {
		return inspected{}, fmt.Errorf("read what the engine says of one container, saw %d: %w", len(all), err)
	}
	return all[0], nil
}

// engineFingerprint adds what the engine and the kernel say of a container, and
// which agents are beside it. It must run.
func engineFingerprint(ctx context.Context, name, prefix string, seen map[string]string) error {
	c, err := inspect(ctx, name)
	if err != nil {
		return err
	}
	seen[prefix+"status"], seen[prefix+"restarts"] = c.State.Status, fmt.Sprint(c.RestartCount)
	for _, limit := range []string{"NanoCpus", "CpuQuota", "CpuPeriod", "Memory", "MemorySwap", "PidsLimit", "BlkioDeviceReadBps", "BlkioDeviceWriteBps"} {
		seen[prefix+"limit "+limit] = unlimited(c.HostConfig[limit])
	}
	for network, settings := range c.NetworkSettings.Networks {
		aliases := slices.DeleteFunc(settings.Aliases, func(a string) bool { return strings.HasPrefix(c.ID, a) })
		slices.Sort(aliases)
		seen[prefix+"network "+network] = fmt.Sprint(slices.Compact(aliases))
	}
	if c.State.Status != "running" {
		return fmt.Errorf("want %s running, saw it %s", name, c.State.Status)
	}
	groups := cgroupFiles(c.State.Pid)
	if len(groups) == 0 {
		return fmt.Errorf("want the limits in the control group of %s (process %d), saw none: what a fault leaves there would not be seen", name, c.State.Pid)
	}
	for file, value := range groups {
		seen[prefix+"cgroup "+file] = value
	}
	seen[prefix+"agents"], err = dockerOutput(ctx, "ps", "--all", "--quiet", "--filter", "label=io.fournines.agent="+c.ID)
	return err
}

func dockerOutput(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "docker", args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("docker %s: %w: %s", args[0], err, exit.Stderr)
	}
	return strings.TrimSpace(string(out)), err
}

// unlimited shows a limit: what is not set is written in several ways.
func unlimited(value any) string {
	text := fmt.Sprint(value)
	if text == "<nil>" || text == "-1" || text == "[]" {
		return "0"
	}
	return text
}

// served is what a client gets, without what differs from one process to the
// next, and whether the server's clock is right. It trusts an authority of the
// site's own, given as PEM, where that is not nil.
func served(url string, authority []byte) (string, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	if authority != nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(authority)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	client := http.Client{Timeout: 2 * time.Second, Transport: transport}
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	if err != nil {
		return "", err
	}
	clock := "its clock is right"
	if date, err := http.ParseTime(answer.Header.Get("Date")); err != nil || time.Since(date).Abs() > 5*time.Second {
		clock = fmt.Sprintf("its clock says %q", answer.Header.Get("Date"))
	}
	return fmt.Sprintf("%s %q, %s", answer.Status, regexp.MustCompile(`[0-9a-f]{12}`).ReplaceAllString(string(body), "ID"), clock), nil
}

// cgroupFiles are the limits of a process as the kernel has them, as far as
// they can be read from here.
func cgroupFiles(pid int) map[string]string {
	found := map[string]string{}
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return found
	}
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for _, name := range []string{
			"cpu.max", "memory.max", "memory.swap.max", "pids.max", "io.max", "cgroup.freeze",
			"cpu.cfs_quota_us", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "freezer.state",
			"blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device",
		} {
			if value, err := os.ReadFile(filepath.Join("/sys/fs/cgroup", parts[1], parts[2], name)); err == nil {
				found[name] = strings.TrimSpace(string(value))
			}
		}
	}
	return found
}
