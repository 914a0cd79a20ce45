package netqueue

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
)

// take decides about one packet.
func (r *reader) take(kind, _ uint16, _ uint32, body []byte) error {
	if kind != unix.NFNL_SUBSYS_QUEUE<<8 || len(body) < 4 {
		return nil // an answer to something else
	}
	var id, mark uint32
	var content []byte
	netlink.Attributes(body[4:], func(kind uint16, value []byte) bool {
		switch {
		case kind == packetHeader && len(value) >= 4:
			id = binary.BigEndian.Uint32(value)
		case kind == packetMark && len(value) == 4:
			mark = binary.BigEndian.Uint32(value)
		case kind == packetPayload:
			content = value
		}
		return true
	})
	r.lost.Add(int64(id - r.lastID - 1))
	r.lastID = id
	r.read.Add(1)
	mark |= markDecided
	if r.open.Load() {
		err := r.letGo() // what came before it first
		r.decide(id, accept, mark, nil)
		return err
	}
	f := r.shaper.Next()
	if f.Drop {
		r.dropped.Add(1)
		r.decide(id, drop, 0, nil)
		return nil
	}
	if f.Duplicate {
		r.doubled.Add(1)
		mark |= markDouble
	}
	if f.Overtaken {
		r.overtaken.Add(1)
	}
	if f.Corrupt && corrupt(content, r.plan.GoodChecksum, r.shaper.Below) {
		r.corrupted.Add(1)
	} else {
		content = nil
	}
	if f.Hold == 0 && r.held.Len() == 0 {
		r.decide(id, accept, mark, content)
		return nil
	}
	if content != nil {
		r.changed[id] = slices.Clone(content)
	}
	r.held.Push(id, mark, r.now(), f.Hold, f.Overtaken)
	r.holds.Store(int64(r.held.Len()))
	return nil
}

// letGo lets all packets go that are due, and tells the kernel what was
// decided.
func (r *reader) letGo() error {
	now := r.now()
	if due, ok := r.held.Due(); ok && due < now && !r.open.Load() {
		r.late.Store(max(r.late.Load(), int64(now-due)))
	}
	if r.open.Load() {
		now = 1<<63 - 1
	}
	for {
		id, mark, ok := r.held.Pop(now)
		if !ok {
			break
		}
		r.decide(id, accept, mark, r.changed[id])
		delete(r.changed, id)
	}
	r.holds.Store(int64(r.held.Len()))
	return r.tell()
}

// decide notes what is to become of a packet; content takes the place of its
// bytes when it is not nil.
func (r *reader) decide(id, code, mark uint32, content []byte) {
	header := binary.BigEndian.AppendUint32(make([]byte, 0, 8), code)
	parts := [][]byte{netlink.Attr(packetVerdict, binary.BigEndian.AppendUint32(header, id))}
	if code == accept {
		parts = append(parts, netlink.Big32(packetMark, mark))
	}
	if content != nil {
		parts = append(parts, netlink.Attr(packetPayload, content))
	}
	r.out = netlink.AppendMessage(r.out, 0, r.message(queueVerdict, 0, parts...))
	if len(r.out) > 1<<16 {
		_ = r.tell() // what cannot be told now, the next cannot either
	}
}

// tell sends what was decided.
func (r *reader) tell() error {
	if len(r.out) == 0 {
		return nil
	}
	err := r.conn.Write(r.out)
	r.out = r.out[:0]
	if err != nil {
		return fmt.Errorf("let packets of queue %d go: %w", r.number, err)
	}
	return nil
}
