package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/google/go-cmp/cmp"
)

const withOpenSLO = `apiVersion: fournines/v1
kind: Scenario
metadata: {name: steady}
hypothesis: nothing is lost
load: {rate: 100/s, mix: browse}
slo: {openslo: ./slos/shop.yaml}
`

// folder writes files into a folder of their own and returns its path.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestScenarioRefersToOpenSLO(t *testing.T) {
	good := example(t, "availability.yaml", "kind", "kind")
	for _, tt := range []struct {
		name, scenario string
		files          map[string]string
		// want are parts of the message; none means no error.
		want []string
	}{
		{"a file beside the scenario is its objective", withOpenSLO, map[string]string{"slos/shop.yaml": good}, nil},
		{"a burst may stand beside the file", strings.Replace(withOpenSLO, "{openslo", "{burst: 1, openslo", 1), map[string]string{"slos/shop.yaml": good}, nil},
		{"what is wrong in that file is reported under its name", withOpenSLO,
			map[string]string{"slos/shop.yaml": strings.Replace(good, "0.9999", "9", 1)},
			[]string{"slos/shop.yaml:34:15: spec.objectives[0].target: expected a number above 0"}},
		{"a file that does not exist is said where it is referred to", withOpenSLO, nil,
			[]string{"s.yaml:6:16: slo.openslo: expected a file of OpenSLO documents beside the scenario", "no such file"}},
		{"an objective is written in one way only", strings.Replace(withOpenSLO, "{openslo", "{availability: 99.9%, openslo", 1),
			map[string]string{"slos/shop.yaml": good}, []string{`s.yaml:6:7: slo: unknown field "availability"; expected openslo`}},
		{"problems of both files come at once", strings.Replace(withOpenSLO, "100/s", "100", 1),
			map[string]string{"slos/shop.yaml": strings.Replace(good, "openslo/v1", "openslo/v9", 1)},
			[]string{"s.yaml:5:14: load.rate", "slos/shop.yaml:3:13: apiVersion"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"s.yaml": tt.scenario}
			for name, text := range tt.files {
				files[name] = text
			}
			s, err := spec.ParseFile(filepath.Join(folder(t, files), "s.yaml"))
			if len(tt.want) == 0 {
				if diff := cmp.Diff(harness.SLO{Availability: 0.9999, Burst: s.SLO.Burst}, s.SLO); diff != "" || err != nil {
					t.Errorf("objective (-want +got): %v\n%s", err, diff)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no problem says %q:\n%v", want, err)
				}
			}
			if got := strings.Count(err.Error(), "\n") + 1; got > len(tt.want) {
				t.Errorf("%d problems, want at most %d:\n%v", got, len(tt.want), err)
			}
		})
	}
}

func TestEmbeddedScenarioRefersToNoFile(t *testing.T) {
	_, err := spec.Parse("scenarios/steady.yaml", []byte(withOpenSLO))
	want := "scenarios/steady.yaml:6:16: slo.openslo: expected availability and latency here"
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("Parse = %v, want only %q", err, want)
	}
}

func FuzzParseSLO(f *testing.F) {
	for _, name := range []string{"availability.yaml", "shop.yaml", "timeslices.yaml"} {
		src, err := os.ReadFile(filepath.Join(openSLOExamples, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte("---\n- a\n---\nkind: SLO\nspec: {objectives: [{}]}\n---\nkind: SLI\nspec: 3"))
	f.Fuzz(func(t *testing.T, src []byte) {
		o, err := spec.ParseSLO("f.yaml", src)
		if err != nil {
			return
		}
		s := harness.Scenario{
			Name: "a", Hypothesis: "b", Load: harness.LoadSpec{Rate: 1, Mix: "browse", Timeout: 1},
			Stages: harness.Stages{Baseline: 1}, SLO: o,
		}
		if err := s.Validate(); err != nil {
			t.Errorf("what ParseSLO accepts does not validate: %v\n%s", err, src)
		}
	})
}
