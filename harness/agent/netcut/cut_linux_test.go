package netcut

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/agenttest"
	"github.com/fournines/fournines/harness/agent/nft"
)

func effect(t *testing.T, c Config) agent.Effect {
	t.Helper()
	e, err := New(c.Args())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Before(t.Context()); errors.Is(err, nft.ErrUnsupported) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	return e
}

func active(t *testing.T, e agent.Effect) bool {
	t.Helper()
	s, err := e.Seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Active
}

func TestCutIsInTheKernelAndGoes(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	peers := []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")}
	for name, c := range map[string]Config{
		"peers":     {Peers: peers, In: true, Out: true},
		"everybody": {Except: peers, In: true, Out: true},
		"ports":     {Peers: peers, In: true, Out: true, Protocol: "udp", Port: 1, PeerPort: 2},
		"protocol":  {Peers: peers, Out: true, Protocol: "tcp"},
		"reset":     {In: true, Reset: true, Protocol: "tcp", Port: 80, Kill: true},
	} {
		t.Run(name, func(t *testing.T) {
			e, other := effect(t, c), effect(t, c)
			if active(t, e) {
				t.Error("it is active before it was applied")
			}
			if err := e.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !active(t, e) {
				t.Error("it is not active after it was applied")
			}
			if _, err := other.Before(t.Context()); err == nil {
				t.Error("a second cut of one namespace is possible")
			}
			if active(t, other) {
				t.Error("somebody else's cut is taken for one's own")
			}
			for range 2 {
				if err := e.Undo(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			if there, err := nft.Present(Table); there || err != nil || active(t, e) {
				t.Errorf("after Undo the rules are there: %v, %v", there, err)
			}
			if err := other.Undo(t.Context(), nil); err != nil {
				t.Errorf("undo of what another agent left: %v", err)
			}
		})
	}
}

func TestFlapTurnsOnAndOff(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	e := effect(t, Config{In: true, Flap: Flap{Period: LeastPeriod, Share: 0.5}})
	if err := e.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for changes, on := 0, false; changes < 6; {
		if t.Context().Err() != nil {
			t.Fatal("it does not come and go")
		}
		if now := active(t, e); now != on {
			on = now
			changes++
		}
	}
	if err := e.Undo(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if active(t, e) {
		t.Error("it is active after Undo")
	}
}

func TestKillEndsConnectionsWithPeersAlone(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	pair := func(from string) (net.Conn, net.Conn) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		c, err := d.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c, s
	}
	cut, _ := pair("127.0.0.2")
	spared, server := pair("127.0.0.3")
	// Loopback stands for a network here: a peer's address decides.
	if err := (Config{Peers: []netip.Addr{netip.MustParseAddr("127.0.0.2")}}).kill(); err != nil {
		t.Skip(err)
	}
	if _, err := cut.Read(make([]byte, 1)); err == nil {
		t.Error("a connection with a peer was not ended")
	}
	if _, err := server.Write([]byte("x")); err != nil {
		t.Error(err)
	}
	if _, err := spared.Read(make([]byte, 1)); err != nil {
		t.Errorf("a connection with somebody else was ended: %v", err)
	}
}

func TestWitnessTellsAnswersFromSilence(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).AddrPort().Port()
	at := func(a string, p uint16) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(a), p) }
	w, err := NewWitness(WitnessArgs([]netip.AddrPort{at("127.0.0.1", port), at("127.0.0.2", AnyPort), at("192.0.2.1", AnyPort)}, time.Second))
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.Seen(t.Context())
	if err != nil {
		t.Skip(err)
	}
	if s.Counters["connected"] != 1 || s.Counters["refused"] != 1 || s.Counters["silent"] != 1 || s.Counters["tables"] != 0 {
		t.Errorf("%+v: want one of each, and no table", s)
	}
	e := effect(t, Config{In: true})
	if err := e.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err = w.Seen(t.Context()); err != nil || s.Counters["tables"] != 1 {
		t.Errorf("%+v, %v: want a table", s, err)
	}
	if err := e.Undo(t.Context(), nil); err != nil {
		t.Error(err)
	}
	for _, args := range []map[string]string{{"dial": "x", "patience": "1s"}, {"patience": "x"}, {"patience": "1s", "dail": ""}} {
		if _, err := NewWitness(args); err == nil {
			t.Errorf("%v: want an error", args)
		}
	}
}
