package netlink

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAttributesAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOf(rapid.Uint16Range(0, typeMask)).Draw(t, "kinds")
		var values [][]byte
		var wire []byte
		for _, k := range kinds {
			v := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "value")
			values, wire = append(values, v), append(wire, Attr(k, v)...)
		}
		if len(wire)%4 != 0 {
			t.Fatalf("%d bytes are not aligned", len(wire))
		}
		var gotKinds []uint16
		var got [][]byte
		Attributes(wire, func(k uint16, v []byte) bool {
			gotKinds, got = append(gotKinds, k), append(got, v)
			return true
		})
		if !slices.Equal(gotKinds, kinds) || !slices.EqualFunc(got, values, bytes.Equal) {
			t.Fatalf("read %v %v, want %v %v", gotKinds, got, kinds, values)
		}
	})
}

func TestDamagedAttributesAreNoTrouble(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		Attributes(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"), func(uint16, []byte) bool { return true })
	})
}

func TestFindFollowsAPath(t *testing.T) {
	wire := slices.Concat(Big32(1, 7), Nest(2, Text(1, "x"), Nest(3, Big16(4, 0x0102))), Big64(5, 9), Host32(6, 1))
	if got := Find(wire, 2, 3, 4); !bytes.Equal(got, []byte{1, 2}) {
		t.Errorf("Find = %v", got)
	}
	if got := Find(wire, 2, 1); string(got) != "x\x00" {
		t.Errorf("Find = %q", got)
	}
	if got := Find(wire, 2, 9, 4); got != nil {
		t.Errorf("Find of nothing = %v", got)
	}
}
