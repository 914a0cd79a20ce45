package nft_test

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness/agent/agenttest"
	"github.com/fournines/fournines/harness/agent/nft"
)

// listen serves connections with one word each, until the test ends.
func listen(t *testing.T, word string) uint16 {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte(word))
			go func() {
				for p := make([]byte, 16); ; {
					n, err := c.Read(p)
					if err != nil {
						c.Close()
						return
					}
					c.Write(p[:n])
				}
			}()
		}
	}()
	return uint16(l.Addr().(*net.TCPAddr).Port)
}

func dial(t *testing.T, port uint16) (net.Conn, string, error) {
	t.Helper()
	c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return nil, "", err
	}
	t.Cleanup(func() { c.Close() })
	p := make([]byte, 16)
	n, err := c.Read(p)
	return c, string(p[:n]), err
}

func create(t *testing.T, chains ...nft.Chain) *nft.Table {
	t.Helper()
	table, err := nft.Create("fournines-test", chains...)
	if errors.Is(err, nft.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	return table
}

func TestTableRedirects(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	service, other := listen(t, "service"), listen(t, "other")
	// The kernel follows connections once something may be redirected, as in
	// a container.
	tracking, err := nft.Create("fournines-track", nft.Chain{Name: "out", Type: nft.NAT, Hook: nft.Output, Rules: []nft.Rule{
		{Match: []nft.Match{nft.ToTCP(1)}, Do: nft.Redirect(2)},
	}})
	if err != nil {
		t.Skip(err)
	}
	defer tracking.Close()
	old, _, err := dial(t, service)
	if err != nil {
		t.Fatal(err)
	}
	chains := []nft.Chain{
		{Name: "out", Type: nft.NAT, Hook: nft.Output, Priority: nft.NATDest, Rules: []nft.Rule{
			{Name: "redirect", Match: []nft.Match{nft.ToTCP(service), nft.ToLocal(), nft.WithoutMark(7)}, Do: nft.Redirect(other)}}},
		{Name: "in", Type: nft.Filter, Hook: nft.Input, Rules: []nft.Rule{
			{Name: "cut", Match: []nft.Match{nft.ToTCP(service), nft.TCPPush(), nft.WithoutMark(7)}, Do: nft.Reset()}}},
	}
	if err := nft.Possible("fournines-test", chains...); err != nil {
		t.Skip(err)
	}
	table := create(t, chains...)
	if _, err := nft.Create("fournines-test"); err == nil {
		t.Error("a second table of the same name was made")
	}
	if _, word, err := dial(t, service); err != nil || word != "other" {
		t.Errorf("a new connection reaches %q, %v; want the other port", word, err)
	}
	old.Write([]byte("hello"))
	if _, err := old.Read(make([]byte, 16)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the old connection: %v, want a reset", err)
	}
	counts, err := table.Counts()
	if err != nil || counts["redirect"].Packets != 1 || counts["cut"].Packets != 1 {
		t.Errorf("counts = %v, %v; want one packet each", counts, err)
	}
	for range 2 {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
	if there, err := nft.Present("fournines-test"); err != nil || there {
		t.Errorf("after Close the table is there: %v, %v", there, err)
	}
	if _, word, err := dial(t, service); err != nil || word != "service" {
		t.Errorf("afterwards a connection reaches %q, %v; want the service", word, err)
	}
}

func TestTableDropsByAddressAndShare(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	service := listen(t, "service")
	table := create(t, nft.Chain{Name: "in", Type: nft.Filter, Hook: nft.Input, Rules: []nft.Rule{
		{Name: "elsewhere", Match: []nft.Match{nft.From(netip.MustParsePrefix("10.0.0.0/8"))}, Do: nft.Drop()},
		{Name: "never", Match: []nft.Match{nft.To(netip.MustParsePrefix("127.0.0.0/8")), nft.Random(0)}, Do: nft.Drop()},
		{Name: "all", Match: []nft.Match{nft.To(netip.MustParsePrefix("127.0.0.0/8")), nft.Random(1)}, Do: nft.Accept()},
		{Name: "rest", Do: nft.Accept()},
	}})
	if there, err := nft.Present("fournines-test"); err != nil || !there {
		t.Errorf("the table is there: %v, %v", there, err)
	}
	if _, _, err := dial(t, service); err != nil {
		t.Fatal(err)
	}
	counts, err := table.Counts()
	if err != nil || counts["elsewhere"].Packets != 0 || counts["never"].Packets != 0 || counts["all"].Packets == 0 || counts["rest"].Packets != 0 {
		t.Errorf("counts = %v, %v; want packets of \"all\" alone", counts, err)
	}
}
