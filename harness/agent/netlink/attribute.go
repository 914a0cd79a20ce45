package netlink

import (
	"encoding/binary"
	"slices"
)

// Attribute flags and sizes of the wire format.
const (
	nested     = 0x8000
	typeMask   = 0x3fff
	headerSize = 4
)

// Attr is one attribute: its length, its type, its value, and padding to a
// multiple of four bytes.
func Attr(kind uint16, value []byte) []byte {
	out := binary.NativeEndian.AppendUint16(nil, uint16(headerSize+len(value)))
	out = binary.NativeEndian.AppendUint16(out, kind)
	return pad(append(out, value...))
}

// Nest is an attribute that holds others.
func Nest(kind uint16, parts ...[]byte) []byte {
	return Attr(kind|nested, slices.Concat(parts...))
}

// Text is an attribute with a string, which a zero byte ends.
func Text(kind uint16, s string) []byte { return Attr(kind, append([]byte(s), 0)) }

// Big16 is an attribute with a number in network byte order.
func Big16(kind, v uint16) []byte { return Attr(kind, binary.BigEndian.AppendUint16(nil, v)) }

// Big32 is an attribute with a number in network byte order.
func Big32(kind uint16, v uint32) []byte { return Attr(kind, binary.BigEndian.AppendUint32(nil, v)) }

// Big64 is an attribute with a number in network byte order.
func Big64(kind uint16, v uint64) []byte { return Attr(kind, binary.BigEndian.AppendUint64(nil, v)) }

// Host32 is an attribute with a number in the machine's byte order.
func Host32(kind uint16, v uint32) []byte {
	return Attr(kind, binary.NativeEndian.AppendUint32(nil, v))
}

// Attributes calls each for every attribute in b, in order, until it returns
// false. What is left of a damaged attribute is passed over. The values lie in
// b.
func Attributes(b []byte, each func(kind uint16, value []byte) bool) {
	for len(b) >= headerSize {
		n := int(binary.NativeEndian.Uint16(b))
		if n < headerSize || n > len(b) {
			return
		}
		if !each(binary.NativeEndian.Uint16(b[2:])&typeMask, b[headerSize:n]) {
			return
		}
		b = b[min(aligned(n), len(b)):]
	}
}

// Find returns the value of the attribute that the path leads to through
// nested ones; nil when there is none.
func Find(b []byte, path ...uint16) []byte {
	for _, wanted := range path {
		var found []byte
		Attributes(b, func(kind uint16, value []byte) bool {
			if kind == wanted {
				found = value
			}
			return kind != wanted
		})
		b = found
	}
	return b
}

func aligned(n int) int { return (n + 3) &^ 3 }

func pad(b []byte) []byte { return append(b, make([]byte, aligned(len(b))-len(b))...) }
