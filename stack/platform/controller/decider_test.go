package controller

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// world is a platform that obeys: what is decided is so at the next look.
type world struct {
	t       *testing.T
	decider *Decider
	now     time.Time
	view    View
	told    []string
	// refuses makes an action fail.
	refuses func(Action) bool
}

func newWorld(t *testing.T, wants ...Want) *world {
	w := &world{t: t, now: time.Unix(1000, 0)}
	w.view.Pulses = map[string]Pulse{}
	w.decider = NewDecider(wants, Defaults(), 1, func(_ time.Time, kind, subject, _ string) { w.told = append(w.told, kind+" "+subject) })
	for _, want := range wants {
		for i := range want.Replicas {
			w.add(fmt.Sprintf("%s-%d", want.Component, i+1), want.Component, string("abc"[i%3]))
		}
	}
	return w
}

func (w *world) add(name, component, node string) {
	w.view.Replicas = append(w.view.Replicas, Replica{Name: name, Component: component, Node: node, State: Running})
	w.view.Pulses[name] = Pulse{Ready: true}
}

func (w *world) find(name string) *Replica {
	for i := range w.view.Replicas {
		if w.view.Replicas[i].Name == name {
			return &w.view.Replicas[i]
		}
	}
	w.t.Fatalf("there is no replica %q", name)
	return nil
}

func (w *world) end(name string) {
	w.find(name).State = Ended
	w.view.Pulses[name] = Pulse{}
}

// step decides and obeys; it returns what was decided.
func (w *world) step() []string {
	actions, _ := w.decider.Decide(w.now, w.view)
	var all []string
	for _, a := range actions {
		text := string(a.Verb) + " " + a.Replica
		if a.Verb == Place {
			text += " on " + a.Node
		}
		if a.Instead != "" {
			text += " for " + a.Instead
		}
		all = append(all, text)
		if w.refuses != nil && w.refuses(a) {
			w.decider.Done(w.now, a, errors.New("no"))
			continue
		}
		switch a.Verb {
		case Start, Restart:
			w.find(a.Replica).State = Running
			w.view.Pulses[a.Replica] = Pulse{Ready: true}
		case Place:
			w.add(a.Replica, a.Component, a.Node)
		case Remove:
			w.view.Replicas = slices.DeleteFunc(w.view.Replicas, func(r Replica) bool { return r.Name == a.Replica })
		}
		w.decider.Done(w.now, a, nil)
	}
	return all
}

// pass steps every 50 ms for d; it returns what was decided, with the time.
func (w *world) pass(d time.Duration) (all []string) {
	for began := w.now; w.now.Sub(began) < d; w.now = w.now.Add(50 * time.Millisecond) {
		for _, a := range w.step() {
			all = append(all, fmt.Sprintf("%v %s", w.now.Sub(began), a))
		}
	}
	return all
}

var catalog = Want{Component: "catalog", Replicas: 3, Movable: true}

func TestAReplicaThatEndedIsStartedAtOnce(t *testing.T) {
	w := newWorld(t, catalog)
	w.pass(time.Second)
	w.end("catalog-2")
	if got := w.pass(time.Second); !slices.Equal(got, []string{"0s start catalog-2"}) {
		t.Errorf("decided %q, want one start at once", got)
	}
	if want := []string{"noticed catalog-2", "restarted catalog-2", "healed catalog-2"}; !slices.Equal(w.told, want) {
		t.Errorf("told %q, want %q", w.told, want)
	}
}

func TestAReplicaThatKeepsEndingIsStartedLaterAndLater(t *testing.T) {
	w := newWorld(t, catalog)
	var waits []time.Duration
	for range 10 {
		w.end("catalog-2")
		began := w.now
		for len(w.step()) == 0 {
			w.now = w.now.Add(10 * time.Millisecond)
		}
		waits = append(waits, w.now.Sub(began))
	}
	for i, least := range []time.Duration{0, 250, 500, 1000, 2000, 4000, 8000, 10000, 10000, 10000} {
		least *= time.Millisecond
		if waits[i] < least || waits[i] > least*12/10+20*time.Millisecond {
			t.Errorf("start %d came after %v, want %v and at most a fifth more", i+1, waits[i], least)
		}
	}
	if !slices.Contains(w.told, "back-off catalog-2") {
		t.Errorf("told %q, want that it backs off", w.told)
	}
	w.pass(11 * time.Second)
	w.end("catalog-2")
	if got := w.step(); len(got) != 1 {
		t.Errorf("decided %q for a replica that had run for 11 s, want a start at once", got)
	}
}

func TestTheSameSeedDelaysTheSame(t *testing.T) {
	run := func(seed uint64) (all []time.Time) {
		d := NewDecider([]Want{catalog}, Defaults(), seed, func(time.Time, string, string, string) {})
		for range 5 {
			all = append(all, d.life("x").ended(time.Unix(0, 0), d.timing, d.random))
		}
		return all
	}
	if !cmp.Equal(run(1), run(1)) || cmp.Equal(run(1), run(2)) {
		t.Error("want equal delays from equal seeds, and others from others")
	}
}

func TestAStartThatFailsIsTriedAgainLater(t *testing.T) {
	w := newWorld(t, catalog)
	w.refuses = func(Action) bool { return len(w.told) < 6 }
	w.end("catalog-2")
	if got := w.pass(3 * time.Second); len(got) < 2 || !strings.HasPrefix(got[0], "0s start") {
		t.Errorf("decided %q, want a second start", got)
	}
	if !slices.Contains(w.told, "failed catalog-2") {
		t.Errorf("told %q, want that it failed", w.told)
	}
}

func TestAReplicaThatHangsIsRestarted(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(w *world)
		want   int
	}{
		{"three checks without an answer", func(*world) {}, 1},
		{"two are not enough", func(w *world) { w.view.Pulses["catalog-2"] = Pulse{Silent: 2} }, 0},
		{"one that something works on is left alone", func(w *world) { w.find("catalog-2").Attended = true }, 0},
		{"one that is held is left alone", func(w *world) { w.find("catalog-2").Held = true }, 0},
		{"one on a node that is down is left alone", func(w *world) { w.view.NodesDown = []string{"b"} }, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t, catalog)
			w.view.Pulses["catalog-2"] = Pulse{Silent: 3}
			tt.change(w)
			if got := w.step(); len(got) != tt.want {
				t.Errorf("decided %q, want %d", got, tt.want)
			}
		})
	}
}

func TestWhatIsHeldStaysDown(t *testing.T) {
	w := newWorld(t, Want{Component: "etcd", Replicas: 3})
	w.end("etcd-2")
	w.find("etcd-2").Held = true
	if got := w.pass(5 * time.Second); len(got) > 0 {
		t.Errorf("decided %q for a replica that is held, want nothing", got)
	}
	w.find("etcd-2").Held = false
	if got := w.step(); !slices.Equal(got, []string{"start etcd-2"}) {
		t.Errorf("decided %q once it is let go, want a start", got)
	}
}

func TestReplicasOfALostNodeAreReplacedUntilItIsBack(t *testing.T) {
	gateway := Want{Component: "gateway", Replicas: 3, Movable: true}
	w := newWorld(t, catalog, gateway, Want{Component: "etcd", Replicas: 3})
	w.pass(time.Second)
	w.view.NodesDown = []string{"b"}
	for _, name := range []string{"catalog-2", "gateway-2", "etcd-2"} {
		w.end(name)
	}
	want := []string{"1s place catalog-4 on a for catalog-2", "1s place gateway-4 on c for gateway-2"}
	if got := w.pass(10 * time.Second); !slices.Equal(got, want) {
		t.Errorf("decided %q, want %q", got, want)
	}
	for _, text := range []string{"noticed b", "noticed catalog-2", "noticed etcd-2", "replaced catalog-2", "replaced gateway-2"} {
		if !slices.Contains(w.told, text) {
			t.Errorf("told %q, want %q in it", w.told, text)
		}
	}
	w.view.NodesDown = nil
	got := w.pass(5 * time.Second)
	for i, a := range got {
		_, got[i], _ = strings.Cut(a, " ")
	}
	want = []string{"start catalog-2", "start gateway-2", "start etcd-2", "remove catalog-4", "remove gateway-4"}
	if !slices.Equal(got, want) {
		t.Errorf("decided %q when the node is back, want %q", got, want)
	}
}

func TestASubstituteStaysUntilTheOthersAreReady(t *testing.T) {
	w := newWorld(t, catalog)
	w.add("catalog-4", "catalog", "a")
	w.view.Pulses["catalog-2"] = Pulse{}
	if got := w.pass(5 * time.Second); len(got) > 0 {
		t.Errorf("decided %q while a replica is not ready, want nothing", got)
	}
	w.view.Pulses["catalog-2"] = Pulse{Ready: true}
	if got := w.step(); !slices.Equal(got, []string{"remove catalog-4"}) {
		t.Errorf("decided %q, want the substitute removed", got)
	}
}

func TestANodeThatIsSilentForAMomentIsNotLost(t *testing.T) {
	w := newWorld(t, catalog)
	w.view.NodesDown = []string{"b"}
	w.pass(900 * time.Millisecond)
	w.view.NodesDown = nil
	if got := w.pass(5 * time.Second); len(got) > 0 || len(w.told) > 0 {
		t.Errorf("decided %q and told %q, want nothing", got, w.told)
	}
}

func TestWithoutANodeNothingIsPlaced(t *testing.T) {
	w := newWorld(t, catalog)
	w.view.NodesDown = []string{"a", "b", "c"}
	if got := w.pass(5 * time.Second); len(got) > 0 {
		t.Errorf("decided %q, want nothing", got)
	}
}

func TestBestNodeSpreads(t *testing.T) {
	on := func(component, node string) Replica { return Replica{Component: component, Node: node} }
	placed := []Replica{on("catalog", "a"), on("catalog", "c"), on("gateway", "a"), on("gateway", "b"), on("etcd", "a")}
	for _, tt := range []struct {
		rule, component string
		nodes           []string
		want            string
	}{
		{"the node with none of the component", "catalog", []string{"a", "b", "c"}, "b"},
		{"among equals the emptier one", "catalog", []string{"a", "c"}, "c"},
		{"among equals the first", "new", []string{"c", "b"}, "b"},
		{"none when there is none", "catalog", nil, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := bestNode(tt.component, tt.nodes, placed); got != tt.want {
				t.Errorf("bestNode = %q, want %q", got, tt.want)
			}
		})
	}
}
