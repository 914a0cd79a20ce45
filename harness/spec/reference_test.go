package spec

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func TestReferenceHasEveryFieldThatIsReadAndNoOther(t *testing.T) {
	var paths []string
	for _, f := range Reference() {
		if !isParam(f.Path) {
			paths = append(paths, f.Path)
		}
		if f.Explain == "" {
			t.Errorf("field %q is not explained: add it to notes", f.Path)
		}
		if !strings.HasSuffix(f.Explain, ".") || len(f.Explain) > 120 && !isParam(f.Path) {
			t.Errorf("field %q is explained by %q, want a short sentence", f.Path, f.Explain)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(notes)), slices.Sorted(slices.Values(paths))); diff != "" {
		t.Errorf("fields (-notes +read):\n%s", diff)
	}
}

// isParam reports whether a path is that of a parameter of an action.
func isParam(path string) bool {
	_, common := notes[path]
	return strings.HasPrefix(path, paramPath) && !common
}

// A parser that reads a file says which fields it knows: that list, asked for
// with a field that does not exist, has to agree with the walk.
func TestReferenceAgreesWithWhatParseSays(t *testing.T) {
	for mapping, src := range map[string]string{
		"":                "x: 1\n",
		"metadata":        "metadata: {x: 1}\n",
		"load":            "load: {x: 1}\n",
		"steady":          "steady: {x: 1}\n",
		"disruption":      "disruption: {x: 1}\n",
		"recovery":        "recovery: {x: 1}\n",
		"faults[]":        "faults: [{action: container-kill, x: 1}]\n",
		"faults[].target": "faults: [{action: container-kill, target: {x: 1}}]\n",
		"slo.latency":     "slo: {latency: {x: 1}}\n",
		"limits":          "limits: {x: 1}\n",
		"safety":          "safety: {x: 1}\n",
		"risk":            "risk: {x: 1}\n",
		"trials":          "trials: {x: 1}\n",
	} {
		var want []string
		for _, f := range Reference() {
			if isParam(f.Path) && f.Path != paramPath+"signal" {
				continue // of another action
			}
			if rest, ok := strings.CutPrefix(f.Path, mapping); ok {
				rest = strings.TrimPrefix(rest, ".")
				if mapping == "slo.latency" || !strings.ContainsAny(rest, ".[") {
					want = append(want, rest)
				}
			}
		}
		want = slices.DeleteFunc(want, func(s string) bool { return s == "" })
		_, err := Parse("f.yaml", []byte(src))
		said := "unknown field \"x\"; expected " + strings.Join(want, ", ")
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: Parse says\n%v\nwant %q", mapping, err, said)
		}
	}
}

func TestReferenceExamplesAndDefaultsAreAccepted(t *testing.T) {
	for _, f := range Reference() {
		if f.accepts == nil {
			if f.Example != "" {
				t.Errorf("%s: a mapping with the example %q", f.Path, f.Example)
			}
			continue
		}
		if f.Example == "" {
			t.Errorf("%s: want an example", f.Path)
		}
		for _, word := range strings.Split(strings.Trim(f.Example, "[]"), ", ") {
			if err := f.accepts(word); err != nil {
				t.Errorf("%s: the example %q is not accepted: %v", f.Path, word, err)
			}
		}
		standard, _, _ := strings.Cut(f.Default, ":")
		if standard == "" || strings.Contains(standard, " ") || standard == "none" {
			continue // said in words
		}
		if err := f.accepts(standard); err != nil {
			t.Errorf("%s: the default %q is not accepted: %v", f.Path, f.Default, err)
		}
		if f.Required {
			t.Errorf("%s: required, and with a default", f.Path)
		}
	}
}

func TestModeNotesHaveEveryModeAndNoOther(t *testing.T) {
	want := slices.Sorted(slices.Values(harness.Modes()))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(ModeNotes()))); diff != "" {
		t.Errorf("modes (-there +noted):\n%s", diff)
	}
}
