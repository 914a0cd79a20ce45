package docs_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness/spec"
)

// TestAttachedPage holds docs/attached.md to the files that the reader gets.
func TestAttachedPage(t *testing.T) {
	path := filepath.Join(root, "docs", "attached.md")
	code := func(name string) string {
		return "`" + name + "`:\n\n```yaml\n" + read(t, filepath.Join(root, "docs", "attached", name)) + "```\n"
	}
	src := read(t, path)
	want, err := fill(src, map[string]string{"compose": code("compose.yaml"), "scenario": code("scenario.yaml")})
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
		t.Errorf("docs/attached.md shows other files than there are; run go test ./docs -update (-want +got):\n%s", diff)
	}
	if _, err := spec.ParseFile(filepath.Join(root, "docs", "attached", "scenario.yaml")); err != nil {
		t.Errorf("its scenario: %v", err)
	}
}
