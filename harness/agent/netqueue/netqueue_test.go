package netqueue

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// datagram is an IPv4 packet of the protocol with data.
func datagram(protocol byte, data []byte) []byte {
	segment := make([]byte, udpHeader)
	if protocol == tcp {
		segment = make([]byte, tcpHeader)
		segment[tcpDataStart] = 5 << 4
	}
	segment = append(segment, data...)
	p := make([]byte, ipHeader, ipHeader+len(segment))
	p[0], p[ipProtocol] = 0x45, protocol
	copy(p[ipAddresses:], []byte{10, 0, 0, 1, 10, 0, 0, 2})
	p = append(p, segment...)
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	field, _ := layout(protocol, segment)
	p[ipHeader+field] = 1 // not "no checksum"
	setChecksum(p, p[ipHeader:], field)
	return p
}

// right reports whether the checksum is: the sum over everything is all ones.
func right(p []byte) bool {
	sum := uint32(p[ipProtocol]) + uint32(len(p)-ipHeader)
	sum = add(sum, p[ipAddresses:ipAddresses+8])
	return fold(add(sum, p[ipHeader:])) == 0xffff
}

func TestCorruptTurnsOneBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		protocol := rapid.SampledFrom([]byte{6, 17}).Draw(t, "protocol")
		data := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "data")
		good := rapid.Bool().Draw(t, "recompute")
		before := datagram(protocol, data)
		if !right(before) {
			t.Fatalf("the test's own packet is wrong: %x", before)
		}
		after := slices.Clone(before)
		if !corrupt(after, good, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "bit") }) {
			t.Fatal("nothing was corrupted")
		}
		header := len(before) - len(data)
		flipped := 0
		for i := header; i < len(before); i++ {
			for x := before[i] ^ after[i]; x != 0; x &= x - 1 {
				flipped++
			}
		}
		if flipped != 1 || right(after) != good || !bytes.Equal(before[:ipHeader], after[:ipHeader]) {
			t.Fatalf("%d bits turned, checksum right %v, want 1 and %v", flipped, right(after), good)
		}
	})
}

func TestCorruptKeepsItsHandsOffWhatItDoesNotKnow(t *testing.T) {
	first := func(int) int { return 0 }
	for name, p := range map[string][]byte{
		"nothing": nil, "IPv6": append([]byte{0x60}, make([]byte, 60)...), "cut off": {0x45, 0, 0}, "headers alone": datagram(6, nil)[:ipHeader],
		"a header length beyond the end": append([]byte{0x4f}, make([]byte, 30)...),
	} {
		before := slices.Clone(p)
		if corrupt(p, true, first) || !bytes.Equal(p, before) {
			t.Errorf("%s was changed", name)
		}
	}
	empty := datagram(6, nil)
	if !corrupt(empty, true, first) || right(empty) {
		t.Error("a segment without data keeps its right checksum")
	}
}
