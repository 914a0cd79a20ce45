package docker

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestProgramForContainers(t *testing.T) {
	t.Run("a test binary is not the fournines command", func(t *testing.T) {
		if path, err := ownProgram(runtime.GOARCH); err == nil {
			t.Errorf("ownProgram = %q, want an error", path)
		}
	})
	t.Run("a file that is no executable is refused", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := checkStatic(path, runtime.GOARCH); err == nil {
			t.Error("a shell script passes for a static executable")
		}
	})
	t.Run("an executable that needs a loader is refused", func(t *testing.T) {
		const dynamic = "/bin/sh"
		err := checkStatic(dynamic, runtime.GOARCH)
		if err == nil || !strings.Contains(err.Error(), "dynamically") && !strings.Contains(err.Error(), "not a Linux executable") {
			t.Errorf("checkStatic(%q) = %v, want that it is linked dynamically", dynamic, err)
		}
	})
	t.Run("the command is built static, from wherever its module is", func(t *testing.T) {
		if testing.Short() {
			t.Skip("builds the command; run without -short")
		}
		cache := t.TempDir()
		raw, err := buildProgram(t.Context(), cache, runtime.GOARCH, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(cache, "program")
		if err := os.WriteFile(path, raw, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := checkStatic(path, runtime.GOARCH); err != nil {
			t.Error(err)
		}
		other := map[string]string{"amd64": "arm64"}[runtime.GOARCH]
		if other == "" {
			other = "amd64"
		}
		if err := checkStatic(path, other); err == nil {
			t.Errorf("an executable for %s passes for %s", runtime.GOARCH, other)
		}
	})
	t.Run("outside of any module the error says what was looked for", func(t *testing.T) {
		t.Chdir(t.TempDir())
		_, err := buildProgram(t.Context(), t.TempDir(), runtime.GOARCH, func(string) {})
		if err == nil || !strings.Contains(err.Error(), modulePath) {
			t.Errorf("error %v, want one that names %q", err, modulePath)
		}
	})
}
