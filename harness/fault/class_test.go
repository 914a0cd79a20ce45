package fault

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryKindsClassIsKnown(t *testing.T) {
	for _, k := range Catalogue() {
		if k.Class != Exclusive && !slices.Contains(Classes(), k.Class) {
			t.Errorf("%s has the unknown class %q: want one of %v, or none at all for exclusive", k.Action, k.Class, Classes())
		}
	}
}

func TestClassesShareAReplicaInBothDirectionsOrNot(t *testing.T) {
	for _, a := range append(Classes(), Exclusive) {
		for _, b := range append(Classes(), Exclusive) {
			if a.Compatible(b) != b.Compatible(a) {
				t.Errorf("%s beside %s is %v, the other way round %v", a, b, a.Compatible(b), b.Compatible(a))
			}
		}
		if a != None && a != Load && a.Compatible(a) {
			t.Errorf("two faults of class %s share a replica: they could not be undone one by one", a)
		}
	}
}

func TestWhichClassesShareAReplica(t *testing.T) {
	for _, tt := range []struct {
		a, b Class
		want bool
	}{
		{NetworkShape, Resource, true}, // delay beside a processor hog
		{NetworkShape, NetworkShape, false},
		{NetworkShape, NetworkCut, false},
		{NetworkCut, Clock, true},
		{Frozen, Resource, false},
		{Frozen, App, false},
		{ProcessDown, Frozen, false},
		{ProcessDown, Disk, false},
		{App, NetworkShape, false},
		{Clock, App, true},
		{None, ProcessDown, true},
		{Load, Frozen, true},
		{Exclusive, Resource, false},
		{Exclusive, None, true},
	} {
		if got := tt.a.Compatible(tt.b); got != tt.want {
			t.Errorf("%s beside %s: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestEveryRefusalHasAReason(t *testing.T) {
	for _, a := range append(Classes(), Exclusive) {
		if a != None && a != Load && why[a] == "" {
			t.Errorf("class %s gives no reason", a)
		}
	}
	if err := Overlap("noop", "container-kill"); err != nil {
		t.Errorf("the control arm beside a kill: %v", err)
	}
	for _, pair := range [][2]string{{"container-kill", "container-pause"}, {"container-pause", "container-kill"}} {
		err := Overlap(pair[0], pair[1])
		if err == nil || !strings.Contains(err.Error(), "container-kill (process-down)") || !strings.Contains(err.Error(), why[ProcessDown]) {
			t.Errorf("Overlap(%q) = %v, want both with their classes and why", pair, err)
		}
	}
	if err := Overlap("no-such-action", "container-pause"); err == nil || !strings.Contains(err.Error(), why[Exclusive]) {
		t.Errorf("an action that does not exist: %v, want it exclusive", err)
	}
}

func TestCompanionsAreEveryClassOnce(t *testing.T) {
	for _, k := range Catalogue() {
		with, without := k.Companions()
		if len(with)+len(without) != len(Classes()) || !slices.Contains(with, None) {
			t.Errorf("%s: with %v, without %v: want all of %v, none among the first", k.Action, with, without, Classes())
		}
	}
}
