package netem

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// Of linux/pkt_sched.h: attributes of netem's options.
const (
	netemLoss      = 5
	netemLatency64 = 10
	netemSeed      = 14
	lossGilbert    = 2
)

// limit is how many packets netem may hold; its default of 1000 is 10,000
// packets/s for 100 ms.
const limit = 8192

// errPlan means that netem does not do what is asked for.
var errPlan = errors.New("netem does no more than latency without jitter, and loss")

// options are netem's options for a plan: struct tc_netem_qopt, and attributes
// behind it. Older kernels pass over the seed.
func options(p shape.Plan) ([]byte, error) {
	if p.Jitter > 0 || p.Duplicate > 0 || p.Corrupt > 0 || p.Reorder > 0 || p.Gap > 0 {
		return nil, errPlan
	}
	var head []byte
	for _, v := range []uint32{0, limit, chance(p.Loss), 0, 0, 0} { // latency, limit, loss, gap, duplicate, jitter
		head = binary.NativeEndian.AppendUint32(head, v)
	}
	parts := [][]byte{head}
	if p.Bursts != nil {
		var model []byte
		for _, v := range []float64{p.Bursts.P, p.Bursts.R, 1 - p.Bursts.LossBad, p.Bursts.LossGood} { // p, r, h, k1
			model = binary.NativeEndian.AppendUint32(model, chance(v))
		}
		parts = append(parts, netlink.Nest(netemLoss, netlink.Attr(lossGilbert, model)))
	}
	parts = append(parts,
		netlink.Attr(netemLatency64, binary.NativeEndian.AppendUint64(nil, uint64(p.Latency))),
		netlink.Attr(netemSeed, binary.NativeEndian.AppendUint64(nil, p.Seed)))
	return slices.Concat(parts...), nil
}

// chance is a share as netem has it: of 2^32-1.
func chance(share float64) uint32 { return uint32(math.Round(share * math.MaxUint32)) }

// key is what four bytes of a packet have to be.
type key struct{ mask, value, offset uint32 }

// keys are what cls_u32 compares for a condition, in IPv4 packets without
// options.
func keys(c shape.Condition) []key {
	var all []key
	if c.Peer.IsValid() {
		all = append(all, key{math.MaxUint32, binary.BigEndian.Uint32(c.Peer.AsSlice()), 12})
	}
	if c.Protocol != 0 {
		all = append(all, key{0x00ff0000, uint32(c.Protocol) << 16, 8})
	}
	switch {
	case c.Port != 0 && c.Source:
		all = append(all, key{0xffff0000, uint32(c.Port) << 16, 20})
	case c.Port != 0:
		all = append(all, key{0x0000ffff, uint32(c.Port), 20})
	}
	if len(all) == 0 {
		all = []key{{}} // everything
	}
	return all
}

// selector is struct tc_u32_sel of keys.
func selector(all []key) []byte {
	s := make([]byte, 16)
	s[0], s[2] = 1, byte(len(all)) // TC_U32_TERMINAL
	for _, k := range all {
		s = binary.BigEndian.AppendUint32(s, k.mask)
		s = binary.BigEndian.AppendUint32(s, k.value)
		s = binary.NativeEndian.AppendUint32(s, k.offset)
		s = binary.NativeEndian.AppendUint32(s, 0)
	}
	return s
}
