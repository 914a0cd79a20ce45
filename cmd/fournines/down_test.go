package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/docker"
)

func TestDownNeverChoosesALiveRun(t *testing.T) {
	live := docker.Found{RunID: "live", Alive: true}
	comingUp := docker.Found{RunID: "coming-up", Alive: true, Kept: true}
	kept := docker.Found{RunID: "kept", Kept: true}
	orphan := docker.Found{RunID: "orphan"}
	found := []docker.Found{live, comingUp, kept, orphan}
	for _, tt := range []struct {
		name    string
		wanted  []string
		want    []string
		problem string
	}{
		{"without a name every kept stack goes; orphans are swept", nil, []string{"kept"}, ""},
		{"a named run goes alone", []string{"orphan"}, []string{"orphan"}, ""},
		{"a live run is refused", []string{"live"}, nil, `run "live" is alive`},
		{"one that is being brought up is live", []string{"coming-up"}, nil, `run "coming-up" is alive`},
		{"an unknown run is refused with the nearest", []string{"orphn"}, nil, `unknown run "orphn"; did you mean "orphan"?`},
		{"one bad name keeps all from being removed", []string{"kept", "live"}, nil, `run "live" is alive`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			chosen, err := choose(found, tt.wanted)
			var got []string
			for _, f := range chosen {
				got = append(got, f.RunID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("chosen (-want +got):\n%s", diff)
			}
			if tt.problem == "" && err != nil || tt.problem != "" && (exitCode(err) != exitUsage || !strings.Contains(err.Error(), tt.problem)) {
				t.Errorf("error %v, want %q", err, tt.problem)
			}
		})
	}
}

func TestURLsForPeopleComeFirst(t *testing.T) {
	var out strings.Builder
	a := &app{out: &out, err: &out}
	a.printURLs(map[string]string{"catalog-10": "j", "catalog-2": "b", "prometheus": "p", "gateway-1": "g", "edge": "e", "registry": "r"})
	var names []string
	for line := range strings.Lines(out.String()) {
		names = append(names, strings.Fields(line)[0])
	}
	want := []string{"edge", "prometheus", "registry", "catalog-2", "catalog-10", "gateway-1"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestStateOf(t *testing.T) {
	for want, f := range map[string]docker.Found{
		"in use": {Alive: true, Kept: true}, "kept": {Kept: true}, "left behind": {},
	} {
		if got := stateOf(f); got != want {
			t.Errorf("stateOf(%+v) = %q, want %q", f, got, want)
		}
	}
}
