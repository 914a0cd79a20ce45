package nft

import (
	"encoding/binary"
	"math"
	"net/netip"

	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// Match is a condition.
type Match []expr.Any

// Verdict is what happens to a packet.
type Verdict []expr.Any

// register holds what an expression loads for the next one.
const register = 1

func equals(op expr.CmpOp, data []byte) *expr.Cmp {
	return &expr.Cmp{Op: op, Register: register, Data: data}
}

func native(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func protocol(number byte) Match {
	return Match{&expr.Meta{Key: expr.MetaKeyL4PROTO, Register: register}, equals(expr.CmpOpEq, []byte{number})}
}

// port compares the port at an offset of the transport header.
func port(number byte, offset uint32, p uint16) Match {
	return append(protocol(number),
		&expr.Payload{DestRegister: register, Base: expr.PayloadBaseTransportHeader, Offset: offset, Len: 2},
		equals(expr.CmpOpEq, binary.BigEndian.AppendUint16(nil, p)))
}

// ToTCP matches TCP packets to a port, FromTCP those from it.
func ToTCP(p uint16) Match { return port(unix.IPPROTO_TCP, 2, p) }

// FromTCP matches TCP packets from a port.
func FromTCP(p uint16) Match { return port(unix.IPPROTO_TCP, 0, p) }

// ToUDP matches UDP packets to a port, FromUDP those from it.
func ToUDP(p uint16) Match { return port(unix.IPPROTO_UDP, 2, p) }

// FromUDP matches UDP packets from a port.
func FromUDP(p uint16) Match { return port(unix.IPPROTO_UDP, 0, p) }

// UDP matches every UDP packet.
func UDP() Match { return protocol(unix.IPPROTO_UDP) }

// TCP matches every TCP packet.
func TCP() Match { return protocol(unix.IPPROTO_TCP) }

// TCPPush matches TCP packets that carry data to be read at once, which is
// where a request begins or goes on, and none that only acknowledge.
func TCPPush() Match {
	const psh = 8
	return append(TCP(),
		&expr.Payload{DestRegister: register, Base: expr.PayloadBaseTransportHeader, Offset: 13, Len: 1},
		&expr.Bitwise{SourceRegister: register, DestRegister: register, Len: 1, Mask: []byte{psh}, Xor: []byte{0}},
		equals(expr.CmpOpEq, []byte{psh}))
}

// WithoutMark matches packets that a socket with the mark (SO_MARK) has not
// sent.
func WithoutMark(mark uint32) Match {
	return Match{&expr.Meta{Key: expr.MetaKeyMARK, Register: register}, equals(expr.CmpOpNeq, native(mark))}
}

// NotLoopback matches packets that came in by another interface than lo.
func NotLoopback() Match { return notLoopback(expr.MetaKeyIIFNAME) }

// NotToLoopback matches packets that go out by another interface than lo.
func NotToLoopback() Match { return notLoopback(expr.MetaKeyOIFNAME) }

func notLoopback(key expr.MetaKey) Match {
	return Match{&expr.Meta{Key: key, Register: register}, equals(expr.CmpOpNeq, append([]byte("lo"), make([]byte, 14)...))}
}

// ToLocal matches packets to an address of this namespace.
func ToLocal() Match {
	return Match{&expr.Fib{Register: register, ResultADDRTYPE: true, FlagDADDR: true}, equals(expr.CmpOpEq, native(unix.RTN_LOCAL))}
}

// From matches packets from the addresses of a prefix, To those to them.
func From(p netip.Prefix) Match { return address(p, 12, 8) }

// To matches packets to the addresses of a prefix.
func To(p netip.Prefix) Match { return address(p, 16, 24) }

func address(p netip.Prefix, offset4, offset6 uint32) Match {
	p = p.Masked()
	family, offset := byte(unix.NFPROTO_IPV4), offset4
	if p.Addr().Is6() {
		family, offset = unix.NFPROTO_IPV6, offset6
	}
	size := uint32(p.Addr().BitLen() / 8)
	mask := make([]byte, size)
	for i := range p.Bits() {
		mask[i/8] |= 0x80 >> (i % 8)
	}
	return Match{
		&expr.Meta{Key: expr.MetaKeyNFPROTO, Register: register}, equals(expr.CmpOpEq, []byte{family}),
		&expr.Payload{DestRegister: register, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: size},
		&expr.Bitwise{SourceRegister: register, DestRegister: register, Len: size, Mask: mask, Xor: make([]byte, size)},
		equals(expr.CmpOpEq, p.Addr().AsSlice()),
	}
}

// Random matches a share of all packets, from 0 to 1, in steps of a millionth.
func Random(share float64) Match {
	const steps = 1_000_000
	limit := uint32(math.Round(share * steps))
	return Match{
		&expr.Numgen{Register: register, Modulus: steps, Type: unix.NFT_NG_RANDOM},
		// Compared as bytes, most significant first.
		&expr.Byteorder{SourceRegister: register, DestRegister: register, Op: expr.ByteorderHton, Len: 4, Size: 4},
		equals(expr.CmpOpLt, binary.BigEndian.AppendUint32(nil, limit)),
	}
}

// Accept lets a packet through, Drop loses it without a word, Reset answers a
// TCP packet that the connection is gone.
func Accept() Verdict { return Verdict{&expr.Verdict{Kind: expr.VerdictAccept}} }

// Drop loses a packet without a word.
func Drop() Verdict { return Verdict{&expr.Verdict{Kind: expr.VerdictDrop}} }

// Reset answers a TCP packet that the connection is gone.
func Reset() Verdict { return Verdict{&expr.Reject{Type: unix.NFT_REJECT_TCP_RST}} }

// Redirect sends a connection to another port of this namespace; in chains of
// type NAT.
func Redirect(p uint16) Verdict {
	return Verdict{
		&expr.Immediate{Register: register, Data: binary.BigEndian.AppendUint16(nil, p)},
		&expr.Redir{RegisterProtoMin: register},
	}
}
