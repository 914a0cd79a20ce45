package netqueue

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// TestAPacketDoesNotOvertakeThoseThatAreLetGo looks at what the reader has told
// the kernel when a packet comes after the queue was opened and before those
// that are held were let go: theirs, and not yet its own.
func TestAPacketDoesNotOvertakeThoseThatAreLetGo(t *testing.T) {
	conn, err := netlink.Dial(unix.NETLINK_NETFILTER)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := &reader{conn: conn, number: 4711, shaper: shape.New(shape.Plan{}), changed: map[uint32][]byte{}, epoch: time.Now()}
	r.held.Push(1, 0, r.now(), time.Hour, false)
	r.held.Push(2, 0, r.now(), time.Hour, false)
	r.lastID = 2
	r.open.Store(true)

	third := netlink.Attr(packetHeader, binary.BigEndian.AppendUint32(nil, 3))
	// Whether the kernel takes verdicts about packets that it never saw does not
	// matter here, only in what order it is told.
	_ = r.take(unix.NFNL_SUBSYS_QUEUE<<8, 0, 0, append(make([]byte, 4), third...))
	left := r.out
	r.out = nil
	r.decide(3, accept, markDecided, nil)
	if r.held.Len() != 0 || !bytes.Equal(left, r.out) {
		t.Errorf("%d packets are held and % x is to be told, want none and the verdict on the third, % x", r.held.Len(), left, r.out)
	}
}
