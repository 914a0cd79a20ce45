package spec_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/google/go-cmp/cmp"
)

const risksHead = "apiVersion: fournines/v1\nkind: RiskCatalogue\nrisks:\n"

func TestParseRisks(t *testing.T) {
	src := risksHead + `  - {class: node-loss, means: one node is gone, ettf: 219d, source: "published: somewhere: 219 days"}
  - {class: crash, ettf: 0.5d, source: "assumption: twice a day"}
`
	got, err := spec.ParseRisks("r.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := harness.RiskCatalogue{Name: "r.yaml", Risks: []harness.RiskClass{
		{Class: "node-loss", Means: "one node is gone", ETTF: 219 * 24 * time.Hour, Source: "published: somewhere: 219 days"},
		{Class: "crash", ETTF: 12 * time.Hour, Source: "assumption: twice a day"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("catalogue (-want +got):\n%s", diff)
	}
	if got.Risks[0].Assumed() || !got.Risks[1].Assumed() {
		t.Error("what is published and what assumed is mixed up")
	}
	if !spec.IsRisks([]byte(src)) || spec.IsRisks([]byte("kind: Scenario\n")) {
		t.Error("IsRisks does not tell a risk catalogue from a scenario")
	}
}

func TestParseRisksRefusals(t *testing.T) {
	const good = `  - {class: crash, ettf: 30d, source: "assumption: monthly"}` + "\n"
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"a figure without a source is refused", risksHead + "  - {class: crash, ettf: 30d}\n",
			[]string{`4:5: risks[0]: expected field "source", which is missing`}},
		{"a source says whether it was published or assumed", risksHead + "  - {class: crash, ettf: 30d, source: everybody knows}\n",
			[]string{`4:39: risks[0].source: expected where the figure comes from: "published: " or "assumption: " and a sentence`}},
		{"a source is not empty", risksHead + "  - {class: crash, ettf: 30d, source: 'assumption: '}\n",
			[]string{`4:39: risks[0].source: expected`}},
		{"days have a unit", risksHead + "  - {class: crash, ettf: 30, source: 'assumption: a'}\n",
			[]string{`4:26: risks[0].ettf: expected a number of days such as 30d or 0.5d, saw "30"; the unit is missing`}},
		{"what happens all the time is no risk", risksHead + "  - {class: crash, ettf: 0d, source: 'assumption: a'}\n",
			[]string{`4:26: risks[0].ettf: expected more than 0d`}},
		{"ages are too long", risksHead + "  - {class: crash, ettf: 100000d, source: 'assumption: a'}\n",
			[]string{`4:26: risks[0].ettf: expected a number of days such as 30d or 0.5d, saw "100000d"; it is too long`}},
		{"a class is given once", risksHead + good + good, []string{`5:13: risks[1].class: expected each class once, saw "crash"`}},
		{"a catalogue is not empty", risksHead[:len(risksHead)-1] + " []\n", []string{`3:8: risks: expected at least one risk`}},
		{"a scenario is no catalogue, and all problems come at once", "apiVersion: fournines/v1\nkind: Scenario\nrisk: {class: a}\n", []string{
			`1:1: expected field "risks", which is missing`,
			`2:7: kind: expected the kind (RiskCatalogue), saw "Scenario"`,
			`3:1: unknown field "risk"; expected apiVersion, kind, risks; did you mean "risks"?`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := spec.ParseRisks("r.yaml", []byte(tt.src))
			var got []string
			if err != nil {
				got = strings.Split(err.Error(), "\n")
			}
			if len(got) != len(tt.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(got), len(tt.want), err)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], "r.yaml:"+want) {
					t.Errorf("problem %d is\n%s\nwant it to begin with\nr.yaml:%s", i+1, got[i], want)
				}
			}
		})
	}
}

func TestShippedRisks(t *testing.T) {
	c, err := spec.ParseRisksFile("../../fixtures/risks/risks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("../../fixtures/risks/risks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range c.Risks {
		if r.Means == "" {
			t.Errorf("%s: says nothing of what it means", r.Class)
		}
		if r.Assumed() && !strings.HasSuffix(r.Source, "; replace with your own") {
			t.Errorf("%s: an assumption does not tell its reader to replace it: %q", r.Class, r.Source)
		}
	}
	if n := strings.Count(string(src), "- class:"); n != len(c.Risks) || n < 15 {
		t.Errorf("%d risks are read of %d that are written", len(c.Risks), n)
	}
}
