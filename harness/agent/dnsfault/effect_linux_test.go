package dnsfault_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/agenttest"
	"github.com/fournines/fournines/harness/agent/dnsfault"
	"github.com/fournines/fournines/harness/agent/nft"
)

var engine = netip.MustParseAddr("127.0.0.11")

// resolver knows every name at 10.0.0.1, on the address of a container
// engine's resolver; ours asks there.
func resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.11:53")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		for p := make([]byte, 1500); ; {
			n, from, err := conn.ReadFrom(p)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(p[:n]) != nil {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class}, Body: &dnsmessage.AResource{A: [4]byte{10, 0, 0, 1}},
				}}
			}
			if reply, err := m.Pack(); err == nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.11:53")
	}}
}

func see(t *testing.T, r *net.Resolver, name string) agent.Seen {
	t.Helper()
	seen, err := dnsfault.LookThrough(r, "127.0.0.1", name).Seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestEffect(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	r := resolver(t)
	for name, tt := range map[string]struct {
		spec dnsfault.Spec
		want string
	}{
		"a name that is not there": {dnsfault.Spec{Answer: dnsfault.NXDomain}, "nxdomain"},
		"a server that fails":      {dnsfault.Spec{Answer: dnsfault.ServFail}, "servfail"},
		"no answer":                {dnsfault.Spec{Answer: dnsfault.Timeout}, "timeout"},
		"another address":          {dnsfault.Spec{Answer: dnsfault.Spoof, Address: netip.MustParseAddr("127.0.0.1")}, "spoofed"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.spec.Names, tt.spec.Servers = []string{"catalog.shop"}, []netip.Addr{engine}
			e, err := dnsfault.New(tt.spec.Args())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Before(t.Context()); errors.Is(err, nft.ErrUnsupported) {
				t.Skip(err)
			} else if err != nil {
				t.Fatal(err)
			}
			if before := see(t, r, "catalog.shop"); before.Counters["found"] != 1 || before.Counters["spoofed"] != 0 {
				t.Fatalf("before: %+v", before)
			}
			if err := e.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { e.Undo(t.Context(), nil) })
			if during := see(t, r, "Catalog.shop"); during.Counters[tt.want] != 1 {
				t.Errorf("during: %+v, want %s", during, tt.want)
			}
			if other := see(t, r, "gateway.shop"); other.Counters["found"] != 1 || !strings.Contains(other.Detail, "10.0.0.1") {
				t.Errorf("another name: %+v", other)
			}
			if seen, err := e.Seen(t.Context()); err != nil || !seen.Active || seen.Counters["hit"] == 0 || seen.Counters["queries"] <= seen.Counters["hit"] {
				t.Errorf("Seen = %+v, %v", seen, err)
			}
			for range 2 {
				if err := e.Undo(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			if after := see(t, r, "catalog.shop"); after.Counters["found"] != 1 || after.Counters["spoofed"] != 0 {
				t.Errorf("after: %+v", after)
			}
			if seen, err := e.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("Seen after Undo = %+v, %v", seen, err)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	for _, args := range []map[string]string{
		{"answer": "dance"}, {"answer": "spoof", "address": "here"}, {"answer": "timeout", "servers": "there"},
	} {
		if _, err := dnsfault.New(args); err == nil {
			t.Errorf("New(%v) is possible", args)
		}
	}
	if _, err := dnsfault.NewLook(nil); err == nil {
		t.Error("a look at no name is possible")
	}
}
