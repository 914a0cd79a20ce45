package docs_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated parts of the documents")

// topLevel is everything that may be tracked at the top of the tree.
var topLevel = []string{
	".ci", ".gitignore", ".golangci.yml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "Taskfile.yml",
	"cmd", "docs", "fixtures", "go.mod", "go.sum", "harness", "reports", "scenarios", "stack",
}

// report fails the test once for every problem.
func report(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

func TestArchitecture(t *testing.T) {
	pkgs := listPackages(t)
	if len(pkgs) < 5 {
		t.Fatalf("go list found %d packages; want the whole tree", len(pkgs))
	}
	t.Run("arrows between our packages point down only", func(t *testing.T) {
		report(t, checkArrows(pkgs, rows))
	})
	t.Run("a third-party module has one importing package or a reason", func(t *testing.T) {
		report(t, checkDependencies(pkgs, dependencies))
	})
	t.Run("the tables describe nothing that does not exist", func(t *testing.T) {
		report(t, checkStale(pkgs, rows, dependencies))
	})
	t.Run("a package is named for what it does", func(t *testing.T) {
		report(t, checkNames(pkgs))
	})
	t.Run("every package has a package comment", func(t *testing.T) {
		report(t, checkDocs(pkgs))
	})
	t.Run("files are short, without init, without sleeps in tests, without unseeded randomness", func(t *testing.T) {
		for name, src := range sourceFiles(t) {
			report(t, checkSource(name, src))
		}
	})
	t.Run("only known names are tracked at the top of the tree", func(t *testing.T) {
		if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
			t.Skip("not a git checkout: nothing says what is tracked")
		}
		out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-tree", "--name-only", "HEAD").Output()
		if err != nil {
			t.Skipf("git cannot list this checkout: %v", err)
		}
		for name := range strings.Lines(string(out)) {
			if name = strings.TrimSpace(name); !slices.Contains(topLevel, name) {
				t.Errorf("%q is tracked at the top of the tree; want only %v", name, topLevel)
			}
		}
	})
}

func TestArchitectureDocument(t *testing.T) {
	const path = "architecture.md"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := fill(string(src), map[string]string{"packages": packageTable(rows), "third-party": dependencyTable(dependencies)})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, path, string(src), want)
}

// keep demands that a page is what the code says; -update makes it so.
func keep(t *testing.T, path, page, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("%s does not show what the code says; run go test ./docs -update (-want +got):\n%s", path, diff)
	}
}

// fill replaces what stands between <!-- name --> and <!-- /name --> in doc.
func fill(doc string, parts map[string]string) (string, error) {
	for name, part := range parts {
		open, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		head, rest, ok := strings.Cut(doc, open)
		_, tail, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return "", fmt.Errorf("find the place of the table %q: want a line %q and a line %q", name, strings.TrimSpace(open), end)
		}
		doc = head + open + part + end + tail
	}
	return doc, nil
}

func packageTable(table []row) string {
	var b strings.Builder
	b.WriteString("| package | holds | may import (own) |\n|---|---|---|\n")
	for _, r := range table {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.folder, r.holds, code(r.may, "–"))
	}
	return b.String()
}

func dependencyTable(table []dependency) string {
	var b strings.Builder
	b.WriteString("| module | imported by | tests that may import it | why |\n|---|---|---|---|\n")
	for _, d := range table {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.module, code(d.packages, "–"), code(d.tests, "any"), d.why)
	}
	return b.String()
}

// code renders names as inline code, or none when there are no names.
func code(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	if slices.Equal(names, []string{"..."}) {
		return "any"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
