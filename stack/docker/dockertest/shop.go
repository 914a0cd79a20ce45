package dockertest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/docker"
)

// Shop is a compose project on the engine, made without compose: an edge
// before web servers, as docs/attached has them, with the labels that compose
// would give them.
type Shop struct {
	// Project is its name, URL the edge's address.
	Project, URL string

	t       testing.TB
	image   string
	network string
}

// NewShop starts an edge that says when it is ready and some web servers with
// the labels KEY=VALUE besides those of compose, and removes everything when
// the test ends. It calls Require.
func NewShop(t testing.TB, project string, webs int, labels ...string) *Shop {
	t.Helper()
	Require(t)
	s := &Shop{t: t, Project: project, image: "fournines-test-shop:" + project, network: project + "_default"}
	build := t.TempDir()
	source := shopSource(t)
	goBuild := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(build, "shop"), ".")
	goBuild.Dir = source
	goBuild.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := goBuild.CombinedOutput(); err != nil {
		t.Fatalf("build the shop: %v\n%s", err, out)
	}
	recipe, err := os.ReadFile(filepath.Join(source, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(build, "Dockerfile"), recipe, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	s.docker("build", "--quiet", "--tag", s.image, build)
	s.docker("network", "create", "--label", "com.docker.compose.project="+project, s.network)
	for i := 1; i <= webs; i++ {
		s.Run("web", i, labels, "web")
	}
	s.Run("edge", 1, []string{docker.LabelReady + "=8080/healthz"}, "edge", "web:8080")
	port := s.docker("port", s.Container("edge", 1), "8080/tcp")
	s.URL = "http://" + strings.Fields(port)[0] + "/"
	return s
}

// shopSource is the folder of the shop's program.
func shopSource(t testing.TB) string {
	t.Helper()
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("this file does not know where it is")
	}
	return filepath.Join(filepath.Dir(here), "..", "..", "..", "docs", "attached", "shop")
}

// Run starts one more container of a service, with the shop's program.
func (s *Shop) Run(service string, number int, labels []string, command ...string) {
	s.t.Helper()
	s.RunWith(service, number, nil, labels, command...)
}

// RunWith is Run with further flags of docker run.
func (s *Shop) RunWith(service string, number int, flags, labels []string, command ...string) {
	s.t.Helper()
	args := []string{
		"run", "--detach", "--name", s.Container(service, number), "--network", s.network, "--network-alias", service,
		"--publish", "127.0.0.1::8080", "--memory", "64m", "--cap-drop", "ALL",
		"--label", "com.docker.compose.project=" + s.Project,
		"--label", "com.docker.compose.service=" + service,
		"--label", fmt.Sprintf("com.docker.compose.container-number=%d", number),
	}
	args = append(args, flags...)
	for _, l := range labels {
		args = append(args, "--label", l)
	}
	s.docker(append(append(args, s.image), command...)...)
}

// Container is the engine's name of a container.
func (s *Shop) Container(service string, number int) string {
	return fmt.Sprintf("%s-%s-%d", s.Project, service, number)
}

// Network is the engine's name of the network that all of them are in.
func (s *Shop) Network() string { return s.network }

// Docker runs the docker command and returns what it printed.
func (s *Shop) Docker(args ...string) string {
	s.t.Helper()
	return s.docker(args...)
}

func (s *Shop) docker(args ...string) string {
	s.t.Helper()
	out, err := dockerCommand(s.t.Context(), args...)
	if err != nil {
		s.t.Fatalf("docker %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(out)
}

// remove takes everything away that carries the project's label.
func (s *Shop) remove() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ids, err := dockerCommand(ctx, "ps", "--all", "--quiet", "--filter", "label=com.docker.compose.project="+s.Project)
	if err != nil {
		s.t.Errorf("list the shop's containers: %v", err)
	}
	var gone [][]string
	if ids := strings.Fields(ids); len(ids) > 0 {
		gone = append(gone, append([]string{"rm", "--force", "--volumes"}, ids...))
	}
	gone = append(gone, []string{"network", "rm", s.network}, []string{"image", "rm", s.image})
	for _, args := range gone {
		if _, err := dockerCommand(ctx, args...); err != nil {
			s.t.Errorf("docker %s: %v", strings.Join(args, " "), err)
		}
	}
}

func dockerCommand(ctx context.Context, args ...string) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Env = append(os.Environ(), "DOCKER_BUILDKIT=0")
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%w: %s", err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}
