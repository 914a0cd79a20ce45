package docs_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// module is our own import path.
const module = "github.com/fournines/fournines"

// root is the top of the tree as seen from this folder.
const root = ".."

// codeFolders are the top-level folders that may hold Go packages.
var codeFolders = []string{"cmd", "docs", "fixtures", "harness", "reports", "scenarios", "stack"}

// pkg is what the rules need of a package, as `go list -json` reports it.
type pkg struct {
	ImportPath   string
	Name         string
	Doc          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// folder is the package's path below the module.
func (p pkg) folder() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// tests is what the package's tests import.
func (p pkg) tests() []string {
	return append(append([]string(nil), p.TestImports...), p.XTestImports...)
}

// listPackages asks the go command for every package below codeFolders; code
// that does not compile is listed too, go vet is the one to complain.
func listPackages(t *testing.T) []pkg {
	t.Helper()
	args := []string{"list", "-e", "-json=ImportPath,Name,Doc,GoFiles,Imports,TestImports,XTestImports"}
	for _, folder := range codeFolders {
		if _, err := os.Stat(filepath.Join(root, folder)); err == nil {
			args = append(args, "./"+folder+"/...")
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatalf("read the output of go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
}
