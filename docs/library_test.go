package docs_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLibraryPage holds the code of docs/library.md to the files that package
// rig's tests compile and run in a module of its own.
func TestLibraryPage(t *testing.T) {
	path := filepath.Join(root, "docs", "library.md")
	code := func(name string) string {
		return "```go\n" + read(t, filepath.Join(root, "harness", "rig", "testdata", "stranger", name)) + "```\n"
	}
	src := read(t, path)
	want, err := fill(src, map[string]string{
		"platform": code("platform_test.go"),
		"service":  code("service_test.go"),
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
		t.Errorf("docs/library.md shows other code than is tested; run go test ./docs -update (-want +got):\n%s", diff)
	}
}
