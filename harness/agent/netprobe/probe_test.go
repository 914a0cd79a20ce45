package netprobe

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func look(t *testing.T, c Config) map[string]int64 {
	t.Helper()
	e, err := New(c.Args())
	if err != nil {
		t.Fatal(err)
	}
	seen, err := e.Seen(t.Context())
	if err != nil || !seen.Active || seen.Detail == "" {
		t.Fatalf("Seen = %+v, %v", seen, err)
	}
	return seen.Counters
}

func TestOpenAndClosedPortsAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := netip.MustParseAddrPort(l.Addr().String())
	check := func(what string) {
		got := look(t, Config{To: to, Count: 20, Wait: 10 * time.Second})
		if got[Asked] != 20 || got[Answered] != 20 || got[Least] > got[Median] || got[Median] > got[Most] {
			t.Errorf("%s port: %v", what, got)
		}
	}
	check("open")
	l.Close()
	check("closed")
	if got := look(t, Config{To: to, Count: 3, Wait: 10 * time.Second, UDP: true}); got[Answered] != 3 {
		t.Errorf("datagrams to a closed port: %v", got)
	}
}

func TestSilenceIsNoAnswer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	to := netip.MustParseAddrPort(l.Addr().String())
	if got := look(t, Config{To: to, Count: 2, Wait: 1}); got[Asked] != 2 || got[Answered] != 0 || got[Median] != 0 {
		t.Errorf("without time to answer: %v", got)
	}
}

func TestNewRefuses(t *testing.T) {
	ok := Config{To: netip.MustParseAddrPort("10.0.0.1:9"), Count: 1, Wait: time.Second}.Args()
	for name, value := range map[string]string{"to": "nowhere", "count": "0", "wait": "1h", "udp": "maybe"} {
		args := map[string]string{}
		for k, v := range ok {
			args[k] = v
		}
		args[name] = value
		if _, err := New(args); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(value, "h")) {
			t.Errorf("%s %q: error = %v", name, value, err)
		}
	}
}
