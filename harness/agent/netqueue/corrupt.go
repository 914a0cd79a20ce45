package netqueue

import "encoding/binary"

// Offsets and sizes of IPv4, TCP and UDP headers.
const (
	ipHeader     = 20
	ipChecksum   = 10
	ipProtocol   = 9
	ipAddresses  = 12
	udpHeader    = 8
	udpChecksum  = 6
	tcpHeader    = 20
	tcpChecksum  = 16
	tcpDataStart = 12
	tcp, udp     = 6, 17
)

// corrupt turns one bit of what an IPv4 packet carries round; choose picks it:
// it returns a number below its argument. Where a TCP or UDP packet carries
// nothing, a bit of its header is turned, which its checksum always shows:
// recompute then makes no difference. Otherwise recompute makes the checksum
// right again. It reports whether there was anything to turn.
func corrupt(packet []byte, recompute bool, choose func(n int) int) bool {
	if len(packet) < ipHeader || packet[0]>>4 != 4 {
		return false
	}
	start := int(packet[0]&15) * 4
	if start < ipHeader || start >= len(packet) {
		return false
	}
	segment := packet[start:min(len(packet), max(start, int(binary.BigEndian.Uint16(packet[2:]))))]
	field, data := layout(packet[ipProtocol], segment)
	if data >= len(segment) {
		data, recompute = 0, false
	}
	if data >= len(segment) {
		return false
	}
	bit := choose(8 * (len(segment) - data))
	segment[data+bit/8] ^= 1 << (bit % 8)
	fragment := binary.BigEndian.Uint16(packet[6:])&0x3fff != 0
	if recompute && field > 0 && !fragment {
		setChecksum(packet, segment, field)
	}
	return true
}

// layout is where the checksum of a segment is (0: nowhere) and where its data
// begins.
func layout(protocol byte, segment []byte) (checksum, data int) {
	switch {
	case protocol == udp && len(segment) >= udpHeader:
		return udpChecksum, udpHeader
	case protocol == tcp && len(segment) >= tcpHeader:
		return tcpChecksum, max(tcpHeader, int(segment[tcpDataStart]>>4)*4)
	}
	return 0, 0
}

// setChecksum makes the checksum of a TCP or UDP segment right (RFC 1071). A
// UDP packet without one stays so.
func setChecksum(packet, segment []byte, field int) {
	optional := packet[ipProtocol] == udp
	if optional && segment[field] == 0 && segment[field+1] == 0 {
		return
	}
	segment[field], segment[field+1] = 0, 0
	sum := uint32(packet[ipProtocol]) + uint32(len(segment))
	sum = add(sum, packet[ipAddresses:ipAddresses+8])
	sum = ^fold(add(sum, segment)) & 0xffff
	if optional && sum == 0 {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(segment[field:], uint16(sum))
}

func add(sum uint32, b []byte) uint32 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) > 0 {
		sum += uint32(b[0]) << 8
	}
	return sum
}

func fold(sum uint32) uint32 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return sum
}
