package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// buildProgram builds the command from the module's source, wherever Go finds
// it from the working directory: the checkout, or the module cache of whoever
// uses fournines as a library.
func buildProgram(ctx context.Context, cache, arch string, say func(string)) ([]byte, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, errors.New("the Go toolchain is not installed; install Go, or use a released Linux executable of fournines")
	}
	source, err := findSource(ctx)
	if err != nil {
		return nil, err
	}
	out := filepath.Join(cache, "bin", "linux-"+arch, "fournines")
	building, err := lock(ctx, filepath.Join(cache, "bin.lock"), exclusive, func() { say("another fournines is building; waiting for it") })
	if err != nil {
		return nil, err
	}
	defer func() { _ = building.release() }()
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return nil, fmt.Errorf("make a place for the executable: %w", err)
	}
	// Without -trimpath: the build shares what `go run` or `go test` compiled a
	// moment ago, which more than halves the first one.
	env := []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + arch, "GOWORK=off", "GOFLAGS="}
	if _, err := goOutput(ctx, env, "-C", source, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", out, programPath); err != nil {
		return nil, fmt.Errorf("build %s for linux/%s: %w", programPath, arch, err)
	}
	if err := checkStatic(out, arch); err != nil {
		return nil, fmt.Errorf("check what was built: %w", err)
	}
	return os.ReadFile(out)
}

// goOutput runs the go command and returns its trimmed output; the error holds
// what it complained about. "-C dir" has to come first, as the go command asks.
func goOutput(ctx context.Context, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), env...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(complaint.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// findSource returns the directory of the module's source: as the working
// directory's module sees it, else the version that this process was built
// from.
func findSource(ctx context.Context) (string, error) {
	source, err := goOutput(ctx, nil, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", modulePath)
	if source != "" {
		return source, nil
	}
	if err == nil {
		err = fmt.Errorf("it is not in the module cache; run `go mod download %s`", modulePath)
	}
	if version := builtFrom(); version != "" {
		if source, err := goOutput(ctx, nil, "list", "-m", "-f", "{{.Dir}}", modulePath+"@"+version); err == nil && source != "" {
			return source, nil
		}
	}
	return "", fmt.Errorf("find the source of %s from the working directory: %w", modulePath, err)
}

// builtFrom is the released version of fournines in this process; empty when
// it was built from a checkout.
func builtFrom() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == modulePath && m.Version != "(devel)" {
			return m.Version
		}
	}
	return ""
}
