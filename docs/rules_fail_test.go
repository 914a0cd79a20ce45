package docs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// own makes a package of ours with imports.
func own(folder string, imports ...string) pkg {
	return pkg{ImportPath: module + "/" + folder, Name: folder[strings.LastIndex(folder, "/")+1:], Doc: "Package doc.", GoFiles: []string{"x.go"}, Imports: imports}
}

// Every rule is shown a tree that breaks it: a rule that finds nothing there
// guards nothing.
func TestRulesFindWhatTheyForbid(t *testing.T) {
	table := []row{{folder: "top", may: []string{"..."}}, {folder: "mid/...", may: []string{"low", "mid/..."}}, {folder: "mid/strict"}, {folder: "low"}}
	deps := []dependency{
		{module: "example.org/one", packages: []string{"low"}},
		{module: "example.org/one/v2", packages: []string{"top"}},
		{module: "example.org/edge", tests: []string{"top"}},
		{module: "example.org/tests"},
	}
	undocumented := own("low")
	undocumented.Doc = "\n"
	testing2 := own("low")
	testing2.XTestImports = []string{"example.org/edge/dsl", "example.org/tests"}
	for _, tt := range []struct {
		rule string
		got  []string
		want []string
	}{
		{"an allowed arrow is no problem", checkArrows([]pkg{own("top", module+"/low", "fmt"), own("mid/a", module+"/mid/b")}, table), nil},
		{"an arrow up is found", checkArrows([]pkg{own("low", module+"/top")}, table), []string{"low imports top"}},
		{"the most specific row wins", checkArrows([]pkg{own("mid/strict", module+"/low")}, table), []string{"mid/strict imports low"}},
		{"a package without a row is found", checkArrows([]pkg{own("new")}, table), []string{"new has no row"}},
		{"the one importer is no problem", checkDependencies([]pkg{own("low", "example.org/one/sub"), own("top", "example.org/one/v2")}, deps), nil},
		{"a second importer is found", checkDependencies([]pkg{own("mid/a", "example.org/one")}, deps), []string{"mid/a imports example.org/one"}},
		{"a longer module path is another module", checkDependencies([]pkg{own("low", "example.org/one/v2")}, deps), []string{"low imports example.org/one/v2"}},
		{"an unknown module is found", checkDependencies([]pkg{own("low", "example.org/new")}, deps), []string{"low imports example.org/new, which has no row"}},
		{"a module for tests is not for code", checkDependencies([]pkg{own("low", "example.org/tests")}, deps), []string{"low imports example.org/tests"}},
		{"a module for some tests is not for others", checkDependencies([]pkg{testing2}, deps), []string{"tests of low import example.org/edge/dsl"}},
		{"two importers need a reason", checkDependencies(nil, []dependency{{module: "m", packages: []string{"a", "b"}}}), []string{"m has 2 importing packages and no reason"}},
		{"a row for nothing is found", checkStale([]pkg{own("low", "example.org/one")}, []row{{folder: "low"}, {folder: "gone"}}, deps[:1]), []string{"the package table has a row for gone"}},
		{"an arrow that nobody uses is found", checkStale([]pkg{own("top", module+"/low")}, []row{{folder: "top", may: []string{"low", "mid/..."}}}, nil), []string{"the package table lets top import mid/..."}},
		{"a right that nobody uses is found", checkStale([]pkg{own("low")}, nil, deps[:1]), []string{"the third-party table lets low import example.org/one"}},
		{"a test module that nobody uses is found", checkStale([]pkg{own("low")}, nil, deps[3:]), []string{"the third-party table has a row for example.org/tests"}},
		{"an empty name is found", checkNames([]pkg{own("mid/util"), own("low")}), []string{"mid/util: a package is named"}},
		{"a missing package comment is found", checkDocs([]pkg{undocumented, own("top")}), []string{"low has no package comment"}},
	} {
		t.Run(tt.rule, func(t *testing.T) { compareHeads(t, tt.got, tt.want) })
	}
}

func TestSourceRulesFindWhatTheyForbid(t *testing.T) {
	const head = "package p\n"
	for _, tt := range []struct {
		rule, name, src string
		want            []string
	}{
		{"a short file is no problem", "a.go", head, nil},
		{"a long file is found", "a.go", head + strings.Repeat("\n", maxLines), []string{"a.go has 401 lines"}},
		{"a long test is no problem", "a_test.go", head + strings.Repeat("\n", maxLines), nil},
		{"init is found", "a.go", head + "func init() {}\n", []string{"a.go:2:1: init()"}},
		{"a method named init is no problem", "a.go", head + "type T int\nfunc (T) init() {}\n", nil},
		{"sleep in a test is found", "a_test.go", head + "import \"time\"\nfunc f() { time.Sleep(1) }\n", []string{"a_test.go:3:12: time.Sleep"}},
		{"a renamed import is seen through", "a_test.go", head + "import clock \"time\"\nfunc f() { clock.Sleep(1) }\n", []string{"a_test.go:3:12: time.Sleep"}},
		{"sleep in a bubble is no problem", "a_test.go", head + "import (\"time\"; \"testing/synctest\")\nfunc f() { synctest.Test(t, func() { time.Sleep(1) }) }\n", nil},
		{"sleep outside a test is no problem", "a.go", head + "import \"time\"\nfunc f() { time.Sleep(1) }\n", nil},
		{"unseeded randomness is found", "a.go", head + "import \"math/rand/v2\"\nfunc f() { rand.IntN(3) }\n", []string{"a.go:3:12: rand.IntN"}},
		{"seeded randomness is no problem", "a.go", head + "import \"math/rand/v2\"\nvar r = rand.New(rand.NewPCG(1, 2))\n", nil},
		{"a file that does not parse is found", "a.go", "package\n", []string{"a.go:1:"}},
	} {
		t.Run(tt.rule, func(t *testing.T) { compareHeads(t, checkSource(tt.name, []byte(tt.src)), tt.want) })
	}
}

func TestDocumentRulesFindWhatTheyForbid(t *testing.T) {
	for _, tt := range []struct {
		rule string
		got  []string
		want []string
	}{
		{"a link to a file is no problem", checkLinks("docs/a.md", "[x](../go.mod) [y](https://example.org/)"), nil},
		{"a link that leads nowhere is found", checkLinks("docs/a.md", "[x](gone.md#part)"), []string{`link to "gone.md" leads nowhere`}},
		{"a task that exists is no problem", checkTasks("run `task a:b`", "tasks:\n  a:b:\n    desc: x\n"), nil},
		{"a task that does not exist is found", checkTasks("```\ntask gone\n```", "tasks:\n  a:\n"), []string{`Taskfile.yml has no task "gone"`}},
		{"a benchmark that exists is no problem", checkBenchmarks("`BenchmarkRun`", map[string][]byte{"a_test.go": []byte("func BenchmarkRun(b *testing.B) {")}), nil},
		{"a benchmark that does not exist is found", checkBenchmarks("`BenchmarkGone`", map[string][]byte{"a.go": []byte("func BenchmarkGone(")}), []string{`there is no benchmark "BenchmarkGone"`}},
		{"a command that exists is no problem", checkCommands("`fournines run` by fournines people", []string{"run"}), nil},
		{"a command that does not exist is found", checkCommands("go run ./cmd/fournines gone", []string{"run"}), []string{`there is no command "fournines gone"`}},
	} {
		t.Run(tt.rule, func(t *testing.T) { compareHeads(t, tt.got, tt.want) })
	}
}

// compareHeads compares each problem by its first words.
func compareHeads(t *testing.T, got, want []string) {
	t.Helper()
	heads := append([]string(nil), got...)
	for i := range heads {
		if i < len(want) && strings.HasPrefix(heads[i], want[i]) {
			heads[i] = want[i]
		}
	}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
