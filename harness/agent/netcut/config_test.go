package netcut

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestConfigTravelsAsArguments(t *testing.T) {
	a, b := netip.MustParseAddr("172.18.0.2"), netip.MustParseAddr("fd00::2")
	for name, c := range map[string]Config{
		"peers":      {Peers: []netip.Addr{a, b}, In: true, Kill: true},
		"everybody":  {Out: true, Except: []netip.Addr{b}},
		"ports":      {In: true, Out: true, Protocol: "udp", Port: 53, PeerPort: 5353},
		"reset":      {In: true, Reset: true, Protocol: "tcp", Port: 8080},
		"comes back": {In: true, Flap: Flap{Period: 2 * time.Second, Share: 0.25, Seed: 7}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse(c.Args())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, got, cmp.Comparer(func(x, y netip.Addr) bool { return x == y })); diff != "" {
				t.Errorf("parse(Args()) (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigRefuses(t *testing.T) {
	for want, change := range map[string]map[string]string{
		"peers: want addresses":        {"peers": ""},
		`saw "etcd"`:                   {"peers": "etcd"},
		"except: want addresses":       {"peers": "all", "except": "x"},
		"except: want it with peers":   {"except": "10.0.0.9"},
		"direction: want in, out":      {"direction": "up"},
		"protocol: want tcp, udp":      {"protocol": "icmp"},
		"verdict reset: want":          {"verdict": "reset"},
		"port: want a port from 1":     {"protocol": "tcp", "port": "0"},
		"peer-port: want a port":       {"protocol": "tcp", "peer-port": "65536"},
		"port: want a protocol":        {"port": "80"},
		`unknown argument "prt"`:       {"prt": "80"},
		"want a period from 200ms":     {"period": "10ms", "share": "0.5", "seed": "1"},
		"with a share between 0 and 1": {"period": "1s", "share": "1", "seed": "1"},
		"invalid duration":             {"period": "soon", "share": "0.5", "seed": "1"},
	} {
		args := map[string]string{"peers": "10.0.0.1", "direction": "both"}
		for k, v := range change {
			args[k] = v
		}
		if _, err := New(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q in it", change, err, want)
		}
	}
}

func TestFlapCutsOnceInEachPeriod(t *testing.T) {
	regular := Flap{Period: time.Second, Share: 0.25}.spells()
	for i := range 5 {
		begin := time.Duration(i) * time.Second
		if got, want := regular(), (spell{begin, begin + 250*time.Millisecond}); got != want {
			t.Errorf("period %d: %v, want %v", i, got, want)
		}
	}
	f := Flap{Period: time.Second, Share: 0.25, Seed: 7}
	one, again := f.spells(), f.spells()
	elsewhere := 0
	for i := range 1000 {
		s := one()
		begin := time.Duration(i) * time.Second
		if s.to-s.from != 250*time.Millisecond || s.from < begin || s.to > begin+time.Second {
			t.Fatalf("period %d: %v, want a quarter of it, within", i, s)
		}
		if s.from != begin {
			elsewhere++
		}
		if s != again() {
			t.Fatalf("period %d differs for the same seed", i)
		}
	}
	if elsewhere < 900 {
		t.Errorf("%d of 1000 cuts are not at the beginning of the period: want them drawn", elsewhere)
	}
}
