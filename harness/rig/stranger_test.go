package rig_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestAStrangersModuleCanUseTheLibrary runs the code of docs/library.md as its
// readers would: in a module of their own.
func TestAStrangersModuleCanUseTheLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds another module and runs two trials: about half a minute")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "stranger"))); err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// What `go mod tidy` would make of it: our requirements, and us.
	requires := regexp.MustCompile(`(?s)\nrequire .*`).Find(ours)
	const us = "github.com/fournines/fournines"
	write("go.mod", fmt.Appendf(nil, "module example.com/shop\n\ngo 1.26.0\n%s\nrequire %s v0.0.0\n\nreplace %s => %s\n", requires, us, us, root))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write("go.sum", sums)
	write("shop.go", []byte("// Package shop is somebody's own.\npackage shop\n"))

	cmd := exec.CommandContext(t.Context(), "go", "test", "-v", "-count=1", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOPROXY=off") // ours are downloaded already
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("go test in a module of one's own: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}
