package bandwidth

import (
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/agenttest"
)

func TestConfigTravelsAsArguments(t *testing.T) {
	for _, c := range []Config{{1e6, true, false}, {LeastRate, false, true}, {MostRate, true, true}} {
		if got, err := parse(c.Args()); err != nil || got != c {
			t.Errorf("parse(Args()) of %+v = %+v, %v", c, got, err)
		}
	}
	for want, args := range map[string]map[string]string{
		`rate: want bits`:        {"rate": "7999", "direction": "in"},
		`saw "fast"`:             {"rate": "fast", "direction": "in"},
		`saw "10000000001"`:      {"rate": "10000000001", "direction": "in"},
		`direction: want in`:     {"rate": "8000", "direction": "up"},
		`unknown argument "ret"`: {"ret": "8000"},
	} {
		if _, err := New(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q in it", args, err, want)
		}
	}
}

func TestBucketLetsPacketsThrough(t *testing.T) {
	for _, c := range []Config{{Rate: LeastRate}, {Rate: 1e6}, {Rate: 1e7}, {Rate: MostRate}} {
		if c.burst() < 3000 || c.limit() <= c.burst() {
			t.Errorf("%+v: burst %d, limit %d", c, c.burst(), c.limit())
		}
	}
}

// cable makes an interface that leads out.
func cable(t *testing.T) netlink.Link {
	t.Helper()
	a := netlink.NewLinkAttrs()
	a.Name = "out0"
	if err := netlink.LinkAdd(&netlink.Veth{LinkAttrs: a, PeerName: "far0"}); err != nil {
		t.Skip(err)
	}
	l, err := netlink.LinkByName("out0")
	if err != nil {
		t.Fatal(err)
	}
	if err := netlink.LinkSetUp(l); err != nil {
		t.Fatal(err)
	}
	return l
}

func seen(t *testing.T, e agent.Effect) agent.Seen {
	t.Helper()
	s, err := e.Seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShaperIsInTheKernelAndAnotherTakesItAway(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := cable(t)
	for _, c := range []Config{{1e6, false, true}, {2e6, true, false}, {3e6, true, true}} {
		first, _ := New(c.Args())
		before, err := first.Before(t.Context())
		if err != nil || before["out0"] != "noqueue" || len(before) != 1 {
			t.Fatalf("Before = %v, %v", before, err)
		}
		if err := first.Apply(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := seen(t, first); !s.Active {
			t.Errorf("%+v applied: %+v", c, s)
		}
		other, _ := New(Config{c.Rate + 8, c.In, c.Out}.Args())
		if s := seen(t, other); s.Active {
			t.Errorf("another rate is taken for one's own: %+v", s)
		}
		if _, err := other.Before(t.Context()); err == nil {
			t.Error("two agents may shape one interface")
		}
		look, _ := NewLook(c.Args())
		if s := seen(t, look); !s.Active || s.Counters["left"] == 0 {
			t.Errorf("%+v, looked at: %+v", c, s)
		}
		for range 2 { // the first agent was killed
			if err := other.Undo(t.Context(), before); err != nil {
				t.Fatal(err)
			}
		}
		if s := seen(t, look); s.Active || s.Counters["left"] != 0 {
			t.Errorf("after Undo, looked at: %+v", s)
		}
		if s := seen(t, first); s.Active || s.Counters["buckets"] != 0 {
			t.Errorf("after Undo: %+v", s)
		}
		if s, err := stateOf(l); err != nil || s != (state{"noqueue", true, false}) {
			t.Errorf("after Undo: %+v, %v", s, err)
		}
		if links, err := netlink.LinkList(); err != nil || len(links) != 3 {
			t.Errorf("after Undo: %d interfaces, %v; want lo and both ends of the cable", len(links), err)
		}
	}
	if err := (&shaper{Config{1e6, false, true}}).Undo(t.Context(), map[string]string{"out0": "fq"}); err == nil || !strings.Contains(err.Error(), `want queueing discipline "fq"`) {
		t.Errorf("Undo = %v: want it to compare with what was there before", err)
	}
}

func TestShaperLeavesWhatSomebodyElsePutThere(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l := cable(t)
	somebodys := &netlink.Tbf{
		QdiscAttrs: netlink.QdiscAttrs{LinkIndex: l.Attrs().Index, Handle: netlink.MakeHandle(7, 0), Parent: netlink.HANDLE_ROOT},
		Rate:       1000, Limit: 20000, Buffer: 20000,
	}
	if err := netlink.QdiscAdd(somebodys); err != nil {
		t.Fatal(err)
	}
	e, _ := New(Config{1e6, false, true}.Args())
	if _, err := e.Before(t.Context()); err == nil || !strings.Contains(err.Error(), `saw "tbf" that somebody put there`) {
		t.Errorf("Before = %v", err)
	}
	if err := e.Undo(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if s, err := stateOf(l); err != nil || s.root != "tbf" {
		t.Errorf("Undo took away what somebody else put there: %+v, %v", s, err)
	}
}
