package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestASuiteLeavesOutWhatTheStackHasNoTargetsFor(t *testing.T) {
	of := func(name, component string) chosen {
		s := planOf(1, "catalog-1").Scenario
		s.Name, s.Faults = name, []harness.FaultSpec{{Action: "container-kill", Target: harness.TargetSpec{Component: component, Mode: "all"}}}
		return chosen{Scenario: s, trials: 1}
	}
	all := []chosen{of("one", "catalog"), of("two", "etcd"), of("three", "gateway")}
	for suite, want := range map[string]int{"nightly": 2, "": 3} {
		var said bytes.Buffer
		left, err := (&app{err: &said}).servable(all, runFlags{selection: selection{suite: suite}}, targetsOn(stackInproc))
		if err != nil || len(left) != want {
			t.Errorf("suite %q: %d scenarios, %v; want %d", suite, len(left), err, want)
		}
		if skipped := strings.Contains(said.String(), `skipped, and not passed`) && strings.Contains(said.String(), `no component "etcd"`); skipped != (want == 2) {
			t.Errorf("suite %q said %q", suite, said.String())
		}
	}
	if _, err := (&app{err: &bytes.Buffer{}}).servable(all[1:2], runFlags{selection: selection{suite: "nightly"}}, targetsOn(stackInproc)); err == nil || exitCode(err) != exitUsage {
		t.Errorf("nothing left: error = %v, want a refusal", err)
	}
}
