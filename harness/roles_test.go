package harness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hitting is a scenario with one fault on etcd.
func hitting(mode string) Scenario {
	s := killing(allLimits())
	s.Faults = []FaultSpec{{Action: "container-kill", Target: TargetSpec{Component: "etcd", Mode: mode}, Duration: time.Second}}
	return s
}

func members(n int) []Target {
	var all []Target
	for i := range n {
		all = append(all, Target{Name: "etcd-" + string(rune('1'+i)), Component: "etcd", Node: "a"})
	}
	return all
}

func TestRolesAreAskedOfTheStack(t *testing.T) {
	roles := map[string]Role{"etcd-1": Follower, "etcd-2": Leader, "etcd-3": Follower}
	for seed := range uint64(20) {
		p, err := Resolve(hitting("leader"), seed, 1, members(3), WithRoles(roles))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Injections[0]; !slices.Equal(got.Targets, []string{"etcd-2"}) || len(got.Open) > 0 || !p.Settled() {
			t.Fatalf("leader: %+v, want etcd-2", got)
		}
		p, err = Resolve(hitting("follower"), seed, 1, members(3), WithRoles(roles))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Injections[0].Targets; len(got) != 1 || roles[got[0]] != Follower {
			t.Fatalf("follower: %v, want one of etcd-1 and etcd-3", got)
		}
	}
}

func TestWhoIsNotKnownYetIsOpen(t *testing.T) {
	p, err := Resolve(hitting("leader"), 1, 1, members(3))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"etcd-1", "etcd-2", "etcd-3"}, p.Injections[0].Open); diff != "" || p.Settled() || len(p.Injections[0].Targets) > 0 {
		t.Errorf("plan = %+v, want all members open", p.Injections)
	}
	two := hitting("leader")
	two.Faults = append(two.Faults, FaultSpec{Action: "container-pause", Target: TargetSpec{Component: "etcd", Mode: "one"}})
	if _, err := Resolve(two, 1, 1, members(3)); err == nil || !strings.Contains(err.Error(), "still be under container-kill") {
		t.Errorf("error = %v, want the second fault refused: any of them may be the leader", err)
	}
	if !two.NeedsRoles() || hitting("one").NeedsRoles() {
		t.Error("NeedsRoles is wrong")
	}
}

func TestARoleThatNobodyPlaysIsAnError(t *testing.T) {
	for _, roles := range []map[string]Role{nil, {}, {"etcd-1": Follower, "etcd-2": Follower}} {
		if _, err := Resolve(hitting("leader"), 1, 1, members(3), WithRoles(roles)); err == nil || !strings.Contains(err.Error(), "no leader among etcd-1, etcd-2, etcd-3") {
			t.Errorf("%v: error = %v, want that there is no leader", roles, err)
		}
	}
}

func TestMinorityAndMajority(t *testing.T) {
	for _, tt := range []struct{ of, minority, majority int }{{3, 1, 2}, {4, 1, 3}, {5, 2, 3}, {6, 2, 4}, {7, 3, 4}} {
		for mode, want := range map[string]int{"minority": tt.minority, "majority": tt.majority} {
			p, err := Resolve(hitting(mode), 1, 1, members(tt.of))
			if err != nil {
				t.Fatal(err)
			}
			if got := len(p.Injections[0].Targets); got != want {
				t.Errorf("a %s of %d is %d, want %d", mode, tt.of, got, want)
			}
		}
	}
	for _, n := range []int{1, 2} {
		if _, err := Resolve(hitting("minority"), 1, 1, members(n)); err == nil || !strings.Contains(err.Error(), "a minority of etcd-1") {
			t.Errorf("a minority of %d: error = %v, want a refusal", n, err)
		}
		if _, err := Resolve(hitting("majority"), 1, 1, members(n)); err == nil || !strings.Contains(err.Error(), "last replica") {
			t.Errorf("a majority of %d: error = %v, want the last replica kept", n, err)
		}
	}
}
