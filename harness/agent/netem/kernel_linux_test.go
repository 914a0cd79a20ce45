package netem

import (
	"encoding/binary"
	"errors"
	"net"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/agenttest"
	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

func route(t *testing.T) *netlink.Conn {
	t.Helper()
	c, err := netlink.Dial(unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// testEffect is the effect with a qdisc that holds nothing in netem's place.
func testEffect(t *testing.T, c *netlink.Conn) *effect {
	t.Helper()
	e := &effect{device: Prefix + "1", kind: "pfifo", options: binary.NativeEndian.AppendUint32(nil, limit), filter: shape.Filter{Protocol: "udp", Port: 53}}
	if err := c.Do(link(unix.RTM_NEWLINK, create, unix.IFF_UP, "outer", netlink.Nest(unix.IFLA_LINKINFO, netlink.Text(unix.IFLA_INFO_KIND, "ifb")))); err != nil {
		t.Skipf("this kernel has no ifb: %v", err)
	}
	return e
}

func TestPacketsAreLedThroughTheDeviceAndBack(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	c := route(t)
	e := testEffect(t, c)
	before, err := e.look(c)
	if err != nil || before["way"] != "netem" || before["devices"] == "" {
		t.Fatalf("look = %v, %v", before, err)
	}
	if err := e.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen, err := e.Seen(t.Context()); err != nil || !seen.Active {
		t.Errorf("Seen = %+v, %v", seen, err)
	}
	other := *e
	if _, err := other.look(c); err == nil {
		t.Error("a second of the same number was taken for possible")
	}
	other.device = Prefix + "2"
	if _, err := other.look(c); !errors.Is(err, ErrUnsupported) {
		t.Errorf("on a device with filters: %v", err)
	}
	for range 2 { // also by an agent that did not apply it, and once more
		other.device = e.device
		if err := other.Undo(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		if seen, err := e.Seen(t.Context()); err != nil || seen.Active {
			t.Errorf("after Undo: %+v, %v", seen, err)
		}
		if _, _, found, err := counts(c, indexes(before["devices"])[0], "ingress"); found || err != nil {
			t.Errorf("after Undo filters are left: %v, %v", found, err)
		}
	}
}

func TestApplyThatFailsLeavesNothing(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	c := route(t)
	e := testEffect(t, c)
	e.kind = "nonsense"
	if err := e.Apply(t.Context()); !errors.Is(err, unix.ENOENT) {
		t.Errorf("Apply = %v", err)
	}
	if _, err := net.InterfaceByName(e.device); err == nil {
		t.Error("the device is left")
	}
}

func TestTheKernelIsAskedWithoutAChange(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	c := route(t)
	has, err := known(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, found, err := counts(c, 1, "netem"); found || err != nil {
		t.Errorf("asking left a qdisc: %v, %v", found, err)
	}
	e := testEffect(t, c)
	if _, err := e.Before(t.Context()); has != (err == nil) || !has && !errors.Is(err, ErrUnsupported) {
		t.Errorf("the kernel has netem: %v; Before = %v", has, err)
	}
}
