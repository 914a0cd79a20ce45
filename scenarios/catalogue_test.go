package scenarios

import (
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/slo"
	"github.com/fournines/fournines/harness/spec"
	"github.com/google/go-cmp/cmp"
)

func TestTheCatalogue(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	if len(names) < 5 || !slices.IsSorted(names) {
		t.Errorf("names = %v, want at least the first five, in order", names)
	}
	if diff := cmp.Diff(names, Names()); diff != "" {
		t.Errorf("Names (-All +Names):\n%s", diff)
	}
	for _, s := range all {
		t.Run(s.Name, func(t *testing.T) {
			if s.Source != "scenarios/"+s.Name+".yaml" {
				t.Errorf("source = %q", s.Source)
			}
			if words := strings.Fields(s.Hypothesis); len(words) < 6 || strings.HasSuffix(s.Hypothesis, ".") {
				t.Errorf("hypothesis %q: want a whole sentence without a full stop", s.Hypothesis)
			}
			if len(s.Labels["suite"]) == 0 {
				t.Error("belongs to no suite")
			}
			for _, f := range s.Faults {
				if _, ok := fault.Lookup(f.Action); !ok {
					t.Errorf("action %q is not in the catalogue of faults", f.Action)
				}
			}
			if len(s.Faults) > 0 && (s.Limits.FailedFraction == nil || s.Limits.Downtime == nil) {
				t.Error("a scenario with a fault limits what it may cost: failed and downtime")
			}
		})
	}
}

func TestEveryTierOfTrialsIsASuiteOfTheScenario(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for tier := range s.Trials {
			if !slices.Contains(s.Labels["suite"], tier) {
				t.Errorf("%s asks for trials in %s and does not belong to it", s.Name, tier)
			}
		}
	}
}

func TestSteadyStateIsLongEnoughToClaimItsObjective(t *testing.T) {
	s, err := Find("steady-state")
	if err != nil {
		t.Fatal(err)
	}
	need, ok := slo.RequiredN(slo.ErrorRatio(s.SLO.Availability), harness.Confidence, 0)
	if !ok {
		t.Fatal("no number of requests is enough")
	}
	if planned := int(s.Load.Rate * s.Stages.Baseline.Seconds()); planned < need {
		t.Errorf("%d requests are planned, %d are needed", planned, need)
	}
}

func TestTheControlArmIsAsLongAsTheOthers(t *testing.T) {
	control, err := Find("noop")
	if err != nil {
		t.Fatal(err)
	}
	kill, err := Find("catalog-replica-kill")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kill.Stages, control.Stages); diff != "" {
		t.Errorf("stages (-catalog-replica-kill +noop):\n%s", diff)
	}
	l := control.Limits
	if l.Detection != nil || l.Diagnosis != nil || l.Repair != nil || l.Recovery != nil {
		t.Error("nothing is broken, so there is nothing to detect or to recover from")
	}
}

func TestFindOfAnUnknownNameSuggestsTheNearest(t *testing.T) {
	_, err := Find("catalog-replica-kil")
	if want := `unknown scenario "catalog-replica-kil": the catalogue has ` + strings.Join(Names(), ", ") + `; did you mean "catalog-replica-kill"?`; err == nil || err.Error() != want {
		t.Errorf("error = %v\nwant    %s", err, want)
	}
	for _, name := range []string{"", "../go.mod", "noop.yaml", "*"} {
		if _, err := Source(name); err == nil {
			t.Errorf("Source(%q) returned no error", name)
		}
	}
}

func TestSuite(t *testing.T) {
	smoke := 0
	for _, name := range append(spec.Suites(), "all") {
		suite, err := Suite(name)
		if err != nil || len(suite) == 0 {
			t.Errorf("Suite(%q) = %d scenarios, %v", name, len(suite), err)
		}
		if len(suite) < smoke {
			t.Errorf("suite %s is smaller than the one before", name)
		}
		smoke = len(suite)
	}
	if _, err := Suite("nigthly"); err == nil || !strings.Contains(err.Error(), `did you mean "nightly"?`) {
		t.Errorf("error = %v, want a suggestion", err)
	}
}
