package netqueue

import (
	"encoding/binary"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// expression is one step of a rule.
func expression(name string, parts ...[]byte) []byte {
	return netlink.Nest(unix.NFTA_LIST_ELEM, netlink.Text(unix.NFTA_EXPR_NAME, name), netlink.Nest(unix.NFTA_EXPR_DATA, parts...))
}

// expressions end the rule unless the packet is as the condition says.
func expressions(c shape.Condition) []byte {
	var all [][]byte
	if c.Peer.IsValid() {
		all = append(all, payload(unix.NFT_PAYLOAD_NETWORK_HEADER, ipAddresses, 4), compare(unix.NFT_CMP_EQ, c.Peer.AsSlice()))
	} else {
		all = append(all, load(unix.NFT_META_IIFNAME), compare(unix.NFT_CMP_NEQ, []byte("lo\x00")))
	}
	if c.Protocol != 0 {
		all = append(all, load(unix.NFT_META_L4PROTO), compare(unix.NFT_CMP_EQ, []byte{c.Protocol}))
	}
	if c.Port != 0 {
		offset := uint32(2)
		if c.Source {
			offset = 0
		}
		all = append(all, payload(unix.NFT_PAYLOAD_TRANSPORT_HEADER, offset, 2), compare(unix.NFT_CMP_EQ, binary.BigEndian.AppendUint16(nil, c.Port)))
	}
	return slices.Concat(all...)
}

// load reads what the kernel knows about a packet beside its bytes.
func load(key uint32) []byte {
	return expression("meta", netlink.Big32(unix.NFTA_META_DREG, reg), netlink.Big32(unix.NFTA_META_KEY, key))
}

func payload(base, offset, length uint32) []byte {
	return expression("payload", netlink.Big32(unix.NFTA_PAYLOAD_DREG, reg), netlink.Big32(unix.NFTA_PAYLOAD_BASE, base),
		netlink.Big32(unix.NFTA_PAYLOAD_OFFSET, offset), netlink.Big32(unix.NFTA_PAYLOAD_LEN, length))
}

func compare(op uint32, value []byte) []byte {
	return expression("cmp", netlink.Big32(unix.NFTA_CMP_SREG, reg), netlink.Big32(unix.NFTA_CMP_OP, op),
		netlink.Nest(unix.NFTA_CMP_DATA, netlink.Attr(unix.NFTA_DATA_VALUE, value)))
}

// bits makes reg&mask^xor of what is there.
func bits(mask, xor uint32) []byte {
	host := func(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }
	return expression("bitwise", netlink.Big32(unix.NFTA_BITWISE_SREG, reg), netlink.Big32(unix.NFTA_BITWISE_DREG, reg), netlink.Big32(unix.NFTA_BITWISE_LEN, 4),
		netlink.Nest(unix.NFTA_BITWISE_MASK, netlink.Attr(unix.NFTA_DATA_VALUE, host(mask))),
		netlink.Nest(unix.NFTA_BITWISE_XOR, netlink.Attr(unix.NFTA_DATA_VALUE, host(xor))))
}

// marked goes on with packets of whose mark those bits are as given.
func marked(mask, value uint32) []byte {
	return slices.Concat(load(unix.NFT_META_MARK), bits(mask, 0), compare(unix.NFT_CMP_EQ, binary.NativeEndian.AppendUint32(nil, value)))
}

// setMark adds a bit to the packet's mark.
func setMark(bit uint32) []byte {
	return slices.Concat(load(unix.NFT_META_MARK), bits(^bit, bit),
		expression("meta", netlink.Big32(unix.NFTA_META_SREG, reg), netlink.Big32(unix.NFTA_META_KEY, unix.NFT_META_MARK)))
}

func counter() []byte {
	return expression("counter", netlink.Big64(unix.NFTA_COUNTER_BYTES, 0), netlink.Big64(unix.NFTA_COUNTER_PACKETS, 0))
}

// double sends a copy of the packet to where it goes anyway: this namespace.
func double() []byte {
	return slices.Concat(payload(unix.NFT_PAYLOAD_NETWORK_HEADER, ipAddresses+4, 4), expression("dup", netlink.Big32(unix.NFTA_DUP_SREG_ADDR, reg)))
}

func verdict(code uint32) []byte {
	return expression("immediate", netlink.Big32(unix.NFTA_IMMEDIATE_DREG, unix.NFT_REG_VERDICT),
		netlink.Nest(unix.NFTA_IMMEDIATE_DATA, netlink.Nest(unix.NFTA_DATA_VERDICT, netlink.Big32(1, code))))
}

// queue hands the packet to the queue, or lets it pass when nobody reads that.
// The target of iptables is there where nft's own expression is missing, and
// where that is there too.
func queue(number uint16) []byte {
	info := binary.NativeEndian.AppendUint16(nil, number)
	info = binary.NativeEndian.AppendUint16(info, 1) // queues
	info = binary.NativeEndian.AppendUint16(info, 1) // NFQ_FLAG_BYPASS
	info = append(info, 0, 0)                        // aligned
	return expression("target", netlink.Text(unix.NFTA_TARGET_NAME, "NFQUEUE"), netlink.Big32(unix.NFTA_TARGET_REV, 3), netlink.Attr(unix.NFTA_TARGET_INFO, info))
}
