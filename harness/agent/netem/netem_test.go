package netem

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// bytesOf reads hex with spaces.
func bytesOf(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOptionsAreThoseOfTheKernelsHeader(t *testing.T) {
	if !littleEndian() {
		t.Skip("the bytes are those of a little-endian machine")
	}
	for name, c := range map[string]struct {
		plan shape.Plan
		want string
	}{
		"delay": {shape.Plan{Latency: 100 * time.Millisecond, Seed: 7}, // tc_netem_qopt, NETEM_LATENCY64, NETEM_PRNG_SEED
			"00000000 00200000 00000000 00000000 00000000 00000000" + "0c000a00 00e1f50500000000" + "0c000e00 0700000000000000"},
		"loss": {shape.Plan{Loss: 0.5},
			"00000000 00200000 00000080 00000000 00000000 00000000" + "0c000a00 0000000000000000" + "0c000e00 0000000000000000"},
		"bursts": {shape.Plan{Bursts: &shape.Bursts{P: 1, R: 0.5, LossGood: 0, LossBad: 1}}, // p, r, h = 1 - loss in bad, k1 = loss in good
			"00000000 00200000 00000000 00000000 00000000 00000000" + "18000580 14000200 ffffffff 00000080 00000000 00000000" + "0c000a00 0000000000000000" + "0c000e00 0000000000000000"},
	} {
		got, err := options(c.plan)
		if want := bytesOf(t, c.want); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%x, want\n%x", name, err, got, want)
		}
	}
	if got := chance(1); got != math.MaxUint32 {
		t.Errorf("certain = %d", got)
	}
}

func littleEndian() bool { return netlink.Host32(0, 1)[4] == 1 }

func TestWhatNetemDoesOtherwiseIsLeftToTheQueue(t *testing.T) {
	for name, p := range map[string]shape.Plan{
		"jitter": {Latency: 2, Jitter: 1}, "duplicate": {Duplicate: 0.1}, "corrupt": {Corrupt: 0.1},
		"reorder": {Reorder: 0.1, HoldBack: 1}, "gap": {Gap: 2, HoldBack: 1},
	} {
		if _, err := options(p); !errors.Is(err, errPlan) {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}

func TestSelectorsCompareTheRightBytes(t *testing.T) {
	peer := netip.MustParseAddr("10.1.2.3")
	// An IPv4 packet from 10.1.2.3, TCP, from port 8080 to port 443.
	packet := bytesOf(t, "45000028 00000000 4006 0000 0a010203 0a010204 1f90 01bb")
	for name, tt := range map[string]struct {
		c    shape.Condition
		want bool
	}{
		"everything":       {shape.Condition{}, true},
		"its sender":       {shape.Condition{Peer: peer}, true},
		"another sender":   {shape.Condition{Peer: peer.Next()}, false},
		"its protocol":     {shape.Condition{Protocol: 6}, true},
		"another protocol": {shape.Condition{Protocol: 17}, false},
		"its port":         {shape.Condition{Peer: peer, Protocol: 6, Port: 443}, true},
		"the source's":     {shape.Condition{Protocol: 6, Port: 8080, Source: true}, true},
		"the other end's":  {shape.Condition{Protocol: 6, Port: 8080}, false},
	} {
		matches := true
		for _, k := range keys(tt.c) {
			var word uint32
			for _, b := range packet[k.offset : k.offset+4] {
				word = word<<8 | uint32(b)
			}
			matches = matches && word&k.mask == k.value
		}
		if matches != tt.want {
			t.Errorf("%s: matches %v, want %v", name, matches, tt.want)
		}
		if s := selector(keys(tt.c)); len(s) != 16+16*int(s[2]) {
			t.Errorf("%s: a selector of %d bytes for %d keys", name, len(s), s[2])
		}
	}
}
