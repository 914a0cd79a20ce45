package docs_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// maxReadme keeps the first page one that is read.
const maxReadme = 150

func TestReadme(t *testing.T) {
	path := filepath.Join(root, "README.md")
	src := read(t, path)
	want, err := fill(src, map[string]string{
		"scenario":   "```yaml\n" + read(t, filepath.Join(root, "scenarios", "catalog-replica-kill.yaml")) + "```\n",
		"exit codes": exitTable(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		src = want
	}
	if diff := cmp.Diff(want, src); diff != "" {
		t.Errorf("README.md shows other text than the scenario file and the command; run go test ./docs -update (-want +got):\n%s", diff)
	}
	if lines := strings.Count(src, "\n"); lines >= maxReadme {
		t.Errorf("README.md has %d lines; want fewer than %d", lines, maxReadme)
	}
}

// exitTable renders the exit codes that the command prints in its help.
func exitTable(t *testing.T) string {
	t.Helper()
	src := read(t, filepath.Join(root, "cmd", "fournines", "exit.go"))
	lines := regexp.MustCompile(`(?m)^  (\d+|128\+n)  (.+?)`+"`?$").FindAllStringSubmatch(src, -1)
	if len(lines) < 6 {
		t.Fatalf("found %d exit codes in exit.go; want at least 6", len(lines))
	}
	var b strings.Builder
	b.WriteString("| code | means |\n|---|---|\n")
	for _, line := range lines {
		fmt.Fprintf(&b, "| %s | %s |\n", line[1], line[2])
	}
	return b.String()
}

func TestDocuments(t *testing.T) {
	docs := markdown(t)
	taskfile := read(t, filepath.Join(root, "Taskfile.yml"))
	commands := commandNames(t)
	sources := sourceFiles(t)
	for name, text := range docs {
		t.Run(name+" links only to what exists", func(t *testing.T) {
			report(t, checkLinks(name, text))
		})
		t.Run(name+" names only tasks that exist", func(t *testing.T) {
			report(t, checkTasks(text, taskfile))
		})
		t.Run(name+" names only commands that exist", func(t *testing.T) {
			report(t, checkCommands(text, commands))
		})
		t.Run(name+" names only benchmarks that exist", func(t *testing.T) {
			report(t, checkBenchmarks(text, sources))
		})
	}
}

var link = regexp.MustCompile(`\]\(([^)#]+)`)

// checkLinks returns the relative links of a document that lead nowhere.
func checkLinks(name, text string) []string {
	var problems []string
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), m[1])); err != nil {
			problems = append(problems, fmt.Sprintf("link to %q leads nowhere", m[1]))
		}
	}
	return problems
}

var task = regexp.MustCompile("(?m)(?:`|^)task ([a-z][a-z:-]*)")

// checkTasks returns the tasks that a document tells people to run and that
// the Taskfile does not define.
func checkTasks(text, taskfile string) []string {
	var problems []string
	for _, m := range task.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(taskfile, "\n  "+m[1]+":\n") {
			problems = append(problems, fmt.Sprintf("Taskfile.yml has no task %q", m[1]))
		}
	}
	return problems
}

var command = regexp.MustCompile("(?m)(?:`|^|cmd/)fournines ([a-z][a-z-]*)")

// checkCommands returns the subcommands that a document names and that the
// command does not have.
func checkCommands(text string, commands []string) []string {
	var problems []string
	for _, m := range command.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(commands, m[1]) {
			problems = append(problems, fmt.Sprintf("there is no command %q; want one of %v", "fournines "+m[1], commands))
		}
	}
	return problems
}

var benchmark = regexp.MustCompile(`Benchmark[A-Z]\w+`)

// checkBenchmarks returns the benchmarks that a document names and that are in
// no test file.
func checkBenchmarks(text string, sources map[string][]byte) []string {
	var problems []string
	for _, name := range benchmark.FindAllString(text, -1) {
		found := false
		for file, src := range sources {
			found = found || strings.HasSuffix(file, "_test.go") && bytes.Contains(src, []byte("func "+name+"("))
		}
		if !found {
			problems = append(problems, fmt.Sprintf("there is no benchmark %q", name))
		}
	}
	return problems
}

// commandNames finds the names of the subcommands in the command's source.
func commandNames(t *testing.T) []string {
	t.Helper()
	var names []string
	use := regexp.MustCompile(`Use:\s+"([a-z-]+)`)
	for name, src := range sourceFiles(t) {
		if strings.HasPrefix(name, "cmd/fournines/") && !strings.HasSuffix(name, "_test.go") {
			for _, m := range use.FindAllSubmatch(src, -1) {
				names = append(names, string(m[1]))
			}
		}
	}
	slices.Sort(names)
	return names
}

// markdown returns the documents at the top of the tree and below docs.
func markdown(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	add := func(path string) {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		docs[filepath.ToSlash(name)] = read(t, path)
	}
	top, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range top {
		add(path)
	}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			add(filepath.Join(root, "docs", path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) < 5 {
		t.Fatalf("found %d documents; want all of them", len(docs))
	}
	return docs
}

func read(t *testing.T, path string) string {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}
