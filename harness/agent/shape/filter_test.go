package shape

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestFilterIsReadAsWritten(t *testing.T) {
	for _, f := range []Filter{{}, {Peers: []netip.Addr{netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("10.1.2.4")}, Protocol: "tcp", Port: 8080}} {
		if got, err := ParseFilter(f.Args()); err != nil || !reflect.DeepEqual(got, f) {
			t.Errorf("ParseFilter = %+v, %v, want %+v", got, err, f)
		}
	}
	for want, args := range map[string]map[string]string{
		`want IPv4 addresses, saw "fe80::1"`: {"peers": "10.0.0.1,fe80::1"}, `saw "sctp"`: {"protocol": "sctp"},
		`want a port, saw "65536"`: {"port": "65536"}, "icmp has no ports": {"protocol": "icmp", "port": "1"},
	} {
		if _, err := ParseFilter(args); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFilter(%v) error = %v, want %s", args, err, want)
		}
	}
}

func TestConditionsCoverBothEndsOfAPort(t *testing.T) {
	a := netip.MustParseAddr("10.0.0.1")
	got := Filter{Peers: []netip.Addr{a}, Port: 80}.Conditions()
	want := []Condition{{a, 6, 80, false}, {a, 6, 80, true}, {a, 17, 80, false}, {a, 17, 80, true}}
	if !slices.Equal(got, want) {
		t.Errorf("conditions = %v, want %v", got, want)
	}
	if got := (Filter{}).Conditions(); !slices.Equal(got, []Condition{{}}) {
		t.Errorf("conditions of everything = %v", got)
	}
}
