package spec

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../../scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("find the catalogue: %d files, %v", len(files), err)
	}
	for _, file := range append(files, "testdata/wrong.yaml") {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(head + "faults: [{action: noop, target: {component: a, mode: fixed-percent, value: 1%}}]\nsteady: {for: 1h}"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {a: b}\n: [~, ~]\n--- !x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("fuzz.yaml", src)
		if err != nil {
			var problems Errors
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("error is %T %v, want at least one of Errors", err, err)
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.Message == "" || p.File != "fuzz.yaml" {
					t.Errorf("incomplete problem %+v", p)
				}
			}
			return
		}
		if err := s.Validate(); err != nil {
			t.Errorf("Parse accepted what does not validate: %v", err)
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back harness.Scenario
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back); diff != "" {
			t.Errorf("scenario changes on its way through JSON (-want +got):\n%s", diff)
		}
	})
}
