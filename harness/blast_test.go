package harness

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sharing lets anything share a replica but two faults of one action.
func sharing(held, wanted string) error {
	if held == wanted {
		return fmt.Errorf("two %ss on one replica", held)
	}
	return nil
}

func TestFaultsThatMayShareAReplica(t *testing.T) {
	cpu := at("catalog", "all", 0)
	cpu.Action = "cpu-hog"
	p, err := Resolve(withFaults(at("catalog", "all", 0), cpu), 1, 1, replicas(), WithOverlap(sharing))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range p.Injections {
		if len(i.Targets) != 3 {
			t.Errorf("%s hits %v, want all three", i.Action, i.Targets)
		}
	}
	_, err = Resolve(withFaults(at("catalog", "all", 0), at("catalog", "all", 0)), 1, 1, replicas(), WithOverlap(sharing))
	if want := "catalog-1, catalog-2, catalog-3: two container-kills on one replica"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error = %v, want it to contain %q", err, want)
	}
}

func TestAFaultThatMayNotShareTakesAnotherReplica(t *testing.T) {
	for seed := range uint64(20) {
		p, err := Resolve(withFaults(at("catalog", "one", 0), at("catalog", "one", 0)), seed, 1, replicas(), WithOverlap(sharing))
		if err != nil {
			t.Fatal(err)
		}
		if p.Injections[0].Targets[0] == p.Injections[1].Targets[0] {
			t.Fatalf("seed %d: both hit %s", seed, p.Injections[0].Targets[0])
		}
	}
}

func TestCapsHoldOverOverlappingFaults(t *testing.T) {
	later := at("catalog", "one", 0)
	later.At = 10 * time.Second
	first := at("catalog", "one", 0)
	first.Duration = 10 * time.Second
	cpu := at("catalog", "one", 0)
	cpu.Action = "cpu-hog"
	node := FaultSpec{Action: "container-kill", Target: TargetSpec{Node: "b", Mode: "all"}}
	for _, tt := range []struct {
		name   string
		caps   Caps
		faults []FaultSpec
		want   string // part of the error; empty for none
	}{
		{"half of three is one", DefaultCaps(), []FaultSpec{at("catalog", "one", 0)}, ""},
		{"two of three are more than half", DefaultCaps(), []FaultSpec{at("catalog", "fixed", 2)},
			`mode fixed could hit 2 of 3 replicas of "catalog" at once: want at most 1 (at most 50 % of a component)`},
		{"two faults together are too many", DefaultCaps(), []FaultSpec{at("catalog", "one", 0), at("catalog", "one", 0)}, "could hit 2 of 3"},
		{"one after the other is one at a time", DefaultCaps(), []FaultSpec{first, later}, ""},
		{"two faults on one replica may still be two replicas", DefaultCaps(), []FaultSpec{at("catalog", "one", 0), cpu}, "could hit 2 of 3"},
		{"what a seed could draw counts", DefaultCaps(), []FaultSpec{at("catalog", "random-max-percent", 67)}, "could hit 2 of 3"},
		{"mode all says so itself", DefaultCaps(), []FaultSpec{at("catalog", "all", 0)}, ""},
		{"strict caps hold for mode all", Caps{Share: .5, Strict: true}, []FaultSpec{at("catalog", "all", 0)}, "mode all could hit 3 of 3"},
		{"a cap by number", Caps{Targets: 1}, []FaultSpec{at("catalog", "fixed", 2)}, "want at most 1 (at most 1 replica of a component)"},
		{"two thirds of three is two", Caps{Share: 2. / 3}, []FaultSpec{at("catalog", "fixed", 2)}, ""},
		{"no share is less than one replica", Caps{Share: .01}, []FaultSpec{at("catalog", "one", 0)}, ""},
		{"the last replica stays, whatever the caps say", Caps{Share: 1, Targets: 3}, []FaultSpec{at("edge", "one", 0)}, "could take the last replica"},
		{"every component of a node is counted for itself", Caps{Targets: 1, Strict: true}, []FaultSpec{node}, ""},
		{"a cap below one", Caps{Targets: -1}, nil, "want 1 or more"},
		{"a share above all", Caps{Share: 1.5}, nil, "at most 100%"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(5) {
				s := withFaults(tt.faults...)
				if len(tt.faults) == 0 {
					s = kill()
				}
				p, err := Resolve(s, seed, 1, replicas(), WithOverlap(sharing), WithCaps(tt.caps))
				switch {
				case tt.want == "" && err != nil:
					t.Fatalf("seed %d: %v", seed, err)
				case tt.want == "" && p.Caps != tt.caps:
					t.Fatalf("the plan says %+v, want %+v", p.Caps, tt.caps)
				case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
					t.Fatalf("seed %d: error = %v, want it to contain %q", seed, err, tt.want)
				}
			}
		})
	}
}

func TestPlanSaysWhatItLeaves(t *testing.T) {
	first, second, node := at("catalog", "one", 0), at("catalog", "one", 0), FaultSpec{Action: "container-pause", Target: TargetSpec{Node: "b", Mode: "all"}}
	first.Duration, node.At = 5*time.Second, 10*time.Second
	second.At, second.Duration = 2*time.Second, 5*time.Second
	p, err := Resolve(withFaults(first, second, node, FaultSpec{Action: NoopAction}), 1, 1, replicas(), WithCaps(Caps{Targets: 2}))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]Left{
		{{"catalog", 3, 2, 2}}, // the second overlaps with it
		{{"catalog", 3, 2, 2}},
		{{"catalog", 3, 1, 3}, {"etcd", 3, 1, 3}, {"gateway", 3, 1, 3}}, // mode all: caps that are not strict give way
		nil,
	} {
		if diff := cmp.Diff(want, p.Leaves(i, replicas())); diff != "" {
			t.Errorf("injection %d leaves (-want +got):\n%s", i, diff)
		}
	}
}
