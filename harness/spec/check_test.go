package spec

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	targets := []harness.Target{
		{Name: "catalog-1", Component: "catalog", Node: "a"}, {Name: "catalog-2", Component: "catalog", Node: "b"},
		{Name: "edge", Component: "edge"},
	}
	for _, tt := range []struct{ rule, tail, want, warns string }{
		{"a fault that finds its target is right", "faults: [{action: container-kill, target: {component: catalog}}]\n", "", ""},
		{
			"an unknown component is shown where it is written, with the nearest",
			"faults:\n  - action: container-kill\n    target:\n      component: catalogue\n",
			`f.yaml:10:18: faults[0].target.component: no component "catalogue": the stack has catalog, edge; did you mean "catalog"?`, "",
		},
		{
			"an unknown node as well",
			"faults: [{action: container-kill, target: {node: d}}]\n",
			`f.yaml:7:50: faults[0].target.node: no node "d": the stack has a, b; did you mean "a"?`, "",
		},
		{
			"names are looked up beside other mistakes",
			"faults: [{action: container-kill, target: {component: x-ray}}]\nlimits: {failed: 101%}\n",
			"f.yaml:7:55: faults[0].target.component: no component \"x-ray\": the stack has catalog, edge\n" +
				`f.yaml:8:18: limits.failed: expected a percentage from 0% to 100%, such as 99.99%, saw "101%"`, "",
		},
		{
			"what the faults come to together is shown at the target",
			"faults: [{action: container-kill, target: {component: edge}}]\n",
			`f.yaml:7:43: faults[0].target: mode one could take the last replica of "edge" (1 left, up to 1 hit); use mode all when that is what the scenario is about`, "",
		},
		{
			"a recovery stage that proves nothing is a warning, at the stage",
			"faults: [{action: noop}]\nrecovery: {for: 5s}\n", "",
			"f.yaml:8:17: warning: recovery.for: expected at least 10 s (for so long service has to be good to count as restored), so that recovery can be proven, saw 5s",
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("f.yaml", []byte(head+tt.tail), 0o644); err != nil {
				t.Fatal(err)
			}
			_, warnings, err := Check("f.yaml", targets)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.warns, warnings.Error()); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheCatalogueHasNoWarnings(t *testing.T) {
	files, err := filepath.Glob("../../scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("find the catalogue: %d files, %v", len(files), err)
	}
	for _, file := range files {
		if _, warnings, err := Check(file, nil); err != nil || len(warnings) > 0 {
			t.Errorf("Check(%q) = %v, %v; want neither", file, warnings, err)
		}
	}
}
