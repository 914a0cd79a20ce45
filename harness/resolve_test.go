package harness

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// replicas are three nodes with a catalog, a gateway and an etcd on each, and
// one edge beside them.
func replicas() []Target {
	targets := []Target{{Name: "edge", Component: "edge"}}
	for i, node := range []string{"a", "b", "c"} {
		for _, c := range []string{"catalog", "gateway", "etcd"} {
			targets = append(targets, Target{Name: fmt.Sprintf("%s-%d", c, i+1), Component: c, Node: node})
		}
	}
	return targets
}

func withFaults(faults ...FaultSpec) Scenario {
	s := kill()
	s.Faults = faults
	return s
}

func at(component, mode string, value float64) FaultSpec {
	return FaultSpec{Action: "container-kill", Target: TargetSpec{Component: component, Mode: mode, Value: value}}
}

func TestResolveIsAFunctionOfItsArguments(t *testing.T) {
	first, err := Resolve(kill(), 9, 1, replicas())
	if err != nil {
		t.Fatal(err)
	}
	reversed := replicas()
	slices.Reverse(reversed)
	second, err := Resolve(kill(), 9, 1, reversed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same seed gave another plan (-first +second):\n%s", diff)
	}
}

func TestResolveNeverChangesWhatASeedMeans(t *testing.T) {
	var got []string
	for trial := 1; trial <= 8; trial++ {
		p, err := Resolve(kill(), 1, trial, replicas())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Injections[0].Targets...)
	}
	want := []string{"catalog-1", "catalog-2", "catalog-3", "catalog-2", "catalog-1", "catalog-2", "catalog-3", "catalog-3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("targets of seed 1, trials 1 to 8 (-want +got):\n%s", diff)
	}
}

func TestResolveSpreadsTrialsOverTheTargets(t *testing.T) {
	hits := map[string]int{}
	for trial := 1; trial <= 300; trial++ {
		p, err := Resolve(kill(), 4, trial, replicas())
		if err != nil {
			t.Fatal(err)
		}
		hits[p.Injections[0].Targets[0]]++
	}
	for _, name := range []string{"catalog-1", "catalog-2", "catalog-3"} {
		if hits[name] < 70 {
			t.Errorf("%s was hit %d times in 300 trials, want about 100: %v", name, hits[name], hits)
		}
	}
}

func TestResolveModes(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault FaultSpec
		count int
	}{
		{"one hits one", at("catalog", "one", 0), 1},
		{"all hits all", at("catalog", "all", 0), 3},
		{"all may take a single replica", at("edge", "all", 0), 1},
		{"fixed hits its value", at("catalog", "fixed", 2), 2},
		{"fixed-percent rounds to the nearest", at("catalog", "fixed-percent", 33), 1},
		{"fixed-percent of two thirds is two", at("catalog", "fixed-percent", 66.7), 2},
		{"a node's replicas are hit together by all", FaultSpec{Action: "container-kill", Target: TargetSpec{Node: "b", Mode: "all"}}, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := Resolve(withFaults(tt.fault), 1, 1, replicas())
			if err != nil {
				t.Fatal(err)
			}
			got := slices.Clone(p.Injections[0].Targets)
			slices.Sort(got)
			if len(slices.Compact(got)) != tt.count {
				t.Errorf("hit %v, want %d different replicas", got, tt.count)
			}
		})
	}
}

func TestResolveRandomMaxPercentHitsFromOneToTheMost(t *testing.T) {
	seen := map[int]bool{}
	for trial := 1; trial <= 50; trial++ {
		p, err := Resolve(withFaults(at("catalog", "random-max-percent", 67)), 1, trial, replicas())
		if err != nil {
			t.Fatal(err)
		}
		seen[len(p.Injections[0].Targets)] = true
	}
	if diff := cmp.Diff(map[int]bool{1: true, 2: true}, seen); diff != "" {
		t.Errorf("numbers of targets (-want +got):\n%s", diff)
	}
}

func TestResolveDurations(t *testing.T) {
	at, until := at("catalog", "one", 0), at("gateway", "one", 0)
	at.At, at.Duration = 5*time.Second, 3*time.Second
	until.At = 5 * time.Second
	noop := FaultSpec{Action: NoopAction}
	p, err := Resolve(withFaults(at, until, noop), 1, 1, replicas())
	if err != nil {
		t.Fatal(err)
	}
	var got []time.Duration
	for _, i := range p.Injections {
		got = append(got, i.Duration)
	}
	want := []time.Duration{3 * time.Second, 15 * time.Second, 20 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("durations (-want +got):\n%s", diff)
	}
	if targets := p.Injections[2].Targets; targets != nil {
		t.Errorf("noop without a target got %v", targets)
	}
}

func TestResolveRefuses(t *testing.T) {
	late := at("catalog", "one", 0)
	late.At = time.Minute
	for _, tt := range []struct {
		name   string
		faults []FaultSpec
		want   string
	}{
		{"a component that does not exist", []FaultSpec{at("catalogue", "one", 0)},
			`no component "catalogue": the stack has catalog, edge, etcd, gateway; did you mean "catalog"?`},
		{"a node that does not exist", []FaultSpec{{Action: "container-kill", Target: TargetSpec{Node: "z", Mode: "all"}}}, `no node "z": the stack has a, b, c`},
		{"more replicas than there are", []FaultSpec{at("catalog", "fixed", 4)}, `wants 4 replicas, but there are only catalog-1, catalog-2, catalog-3`},
		{"a percentage that comes to nothing", []FaultSpec{at("catalog", "fixed-percent", 10)}, `10% of catalog-1, catalog-2, catalog-3 comes to no replica`},
		{"the last replica without mode all", []FaultSpec{at("edge", "one", 0)}, `could take the last replica of "edge" (1 left, up to 1 hit); use mode all`},
		{"every replica without mode all", []FaultSpec{at("catalog", "fixed", 3)}, `could take the last replica of "catalog"`},
		{"what only some seeds would take", []FaultSpec{at("catalog", "random-max-percent", 100)}, `could take the last replica of "catalog"`},
		{"the last replica by a second fault", []FaultSpec{at("catalog", "fixed", 2), at("catalog", "one", 0)}, `could take the last replica of "catalog" (1 left`},
		{"a replica that is held already", []FaultSpec{at("catalog", "one", 0), at("catalog", "all", 0)}, `two faults must not be in effect on one replica`},
		{"a fault after the end of Disruption", []FaultSpec{late}, `the fault would start after its end`},
		{"two faults at once, both named", []FaultSpec{at("x-1", "one", 0), at("x-2", "one", 0)}, "faults[1] (container-kill): no component \"x-2\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Resolve(withFaults(tt.faults...), 1, 1, replicas())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Resolve error = %v\nwant it to contain %s", err, tt.want)
			}
		})
	}
	t.Run("trial 0", func(t *testing.T) {
		if _, err := Resolve(kill(), 1, 0, replicas()); err == nil {
			t.Error("Resolve accepted trial 0")
		}
	})
	t.Run("an empty stack", func(t *testing.T) {
		if _, err := Resolve(kill(), 1, 1, nil); err == nil || !strings.Contains(err.Error(), "none at all") {
			t.Errorf("Resolve error = %v, want none at all", err)
		}
	})
}

func TestResolveLetsFaultsFollowEachOther(t *testing.T) {
	first, second := at("catalog", "fixed", 2), at("catalog", "fixed", 2)
	first.Duration, second.At = 5*time.Second, 5*time.Second
	for _, faults := range [][]FaultSpec{{first, second}, {second, first}} {
		if _, err := Resolve(withFaults(faults...), 1, 1, replicas()); err != nil {
			t.Errorf("Resolve: %v", err)
		}
	}
}

func TestResolveKeepsOneOfEveryComponent(t *testing.T) {
	modes := []string{"one", "fixed", "fixed-percent", "random-max-percent"}
	rapid.Check(t, func(t *rapid.T) {
		var faults []FaultSpec
		for range rapid.IntRange(1, 3).Draw(t, "faults") {
			f := FaultSpec{Action: "container-kill", At: time.Duration(rapid.IntRange(0, 19).Draw(t, "at")) * time.Second}
			f.Target.Mode = rapid.SampledFrom(modes).Draw(t, "mode")
			if rapid.Bool().Draw(t, "by node") {
				f.Target.Node = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "node")
			} else {
				f.Target.Component = rapid.SampledFrom([]string{"catalog", "gateway", "edge"}).Draw(t, "component")
			}
			switch f.Target.Mode {
			case "fixed":
				f.Target.Value = float64(rapid.IntRange(1, 4).Draw(t, "count"))
			case "fixed-percent", "random-max-percent":
				f.Target.Value = rapid.Float64Range(1, 100).Draw(t, "percent")
			}
			faults = append(faults, f)
		}
		p, err := Resolve(withFaults(faults...), rapid.Uint64().Draw(t, "seed"), 1, replicas())
		if err != nil {
			return
		}
		for now := time.Duration(0); now < 20*time.Second; now += time.Second {
			left, hit := map[string]int{}, map[string]int{}
			for _, target := range replicas() {
				left[target.Component]++
			}
			for _, i := range p.Injections {
				for _, name := range i.Targets {
					if now >= i.At && now < i.At+i.Duration {
						hit[name]++
						left[name[:strings.IndexAny(name+"-", "-")]]--
					}
				}
			}
			for name, n := range hit {
				if n > 1 {
					t.Fatalf("%s is under %d faults at %s: %+v", name, n, now, p.Injections)
				}
			}
			for c, n := range left {
				if n < 1 {
					t.Fatalf("no replica of %s is left at %s: %+v", c, now, p.Injections)
				}
			}
		}
	})
}
