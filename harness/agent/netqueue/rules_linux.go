package netqueue

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// Marks on packets. They are of this namespace: the kernel takes them off a
// packet that leaves it.
const (
	// markDecided is on a packet that this process decided about.
	markDecided = 1 << 27
	// markDouble is on one that is to be doubled, markDoubled on both of it.
	markDouble  = 1 << 28
	markDoubled = 1 << 29
)

// Comments on rules, by which their counters are found.
const (
	ruleQueued  = "queued"
	rulePassed  = "passed undecided"
	ruleDecided = "decided"
	ruleDoubled = "doubled"
)

const (
	flagOwner = 2 // NFT_TABLE_F_OWNER: the table goes with its connection
	hookIn    = 1 // NF_INET_LOCAL_IN
	ipv4      = unix.NFPROTO_IPV4
	accept    = 1 // NF_ACCEPT
	// priorities of the two chains, behind connection tracking and before the
	// filters of others.
	priorityQueue, prioritySeen = -10, -9
	reg                         = unix.NFT_REG_1
)

func nft(kind int, flags uint16, parts ...[]byte) netlink.Message {
	return netlink.Message{
		Type: uint16(unix.NFNL_SUBSYS_NFTABLES<<8 | kind), Flags: flags,
		Body: slices.Concat(append([][]byte{{ipv4, unix.NFNETLINK_V0, 0, 0}}, parts...)...),
	}
}

// install puts the rules into effect on c, to which they belong from then on.
// With dry the kernel checks them all and does nothing: it does not commit a
// transaction that has no end.
func install(c *netlink.Conn, table string, number uint16, f shape.Filter, dry bool) error {
	const create = unix.NLM_F_CREATE | unix.NLM_F_ACK
	batch := []netlink.Message{
		border(unix.NFNL_MSG_BATCH_BEGIN),
		nft(unix.NFT_MSG_NEWTABLE, create|unix.NLM_F_EXCL, netlink.Text(unix.NFTA_TABLE_NAME, table), netlink.Big32(unix.NFTA_TABLE_FLAGS, flagOwner)),
		chain(table, "queue", priorityQueue), chain(table, "seen", prioritySeen),
	}
	add := func(chain, comment string, parts ...[]byte) {
		batch = append(batch, nft(unix.NFT_MSG_NEWRULE, create|unix.NLM_F_APPEND,
			netlink.Text(unix.NFTA_RULE_TABLE, table), netlink.Text(unix.NFTA_RULE_CHAIN, chain),
			netlink.Nest(unix.NFTA_RULE_EXPRESSIONS, parts...), netlink.Attr(unix.NFTA_RULE_USERDATA, remark(comment))))
	}
	// A doubled packet comes in once more: it has been decided about.
	add("queue", "", slices.Concat(marked(markDecided, markDecided), verdict(accept)))
	add("seen", ruleDoubled, marked(markDouble|markDoubled, markDouble), setMark(markDoubled), counter(), double())
	add("seen", ruleDecided, marked(markDecided, markDecided), counter(), verdict(accept))
	for _, match := range f.Conditions() {
		add("queue", ruleQueued, expressions(match), counter(), queue(number))
		add("seen", rulePassed, expressions(match), counter(), verdict(accept))
	}
	if !dry {
		batch = append(batch, border(unix.NFNL_MSG_BATCH_END))
	}
	return c.Do(batch...)
}

// stopQueueing removes the rule that queues; what is in the queue stays there.
// Removing the chain would throw it away.
func stopQueueing(c *netlink.Conn, table string) error {
	return c.Do(border(unix.NFNL_MSG_BATCH_BEGIN),
		nft(unix.NFT_MSG_DELRULE, unix.NLM_F_ACK, netlink.Text(unix.NFTA_RULE_TABLE, table), netlink.Text(unix.NFTA_RULE_CHAIN, "queue")),
		border(unix.NFNL_MSG_BATCH_END))
}

// remove deletes the table.
func remove(c *netlink.Conn, table string) error {
	return c.Do(border(unix.NFNL_MSG_BATCH_BEGIN),
		nft(unix.NFT_MSG_DELTABLE, unix.NLM_F_ACK, netlink.Text(unix.NFTA_TABLE_NAME, table)),
		border(unix.NFNL_MSG_BATCH_END))
}

// counted are the packets that each kind of rule counted, by comment, as the
// kernel has them; nil when there is no such table.
func counted(table string) (map[string]int64, error) {
	c, err := netlink.Dial(unix.NETLINK_NETFILTER)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	there := func([]byte) error { return nil }
	err = c.Ask(nft(unix.NFT_MSG_GETTABLE, 0, netlink.Text(unix.NFTA_TABLE_NAME, table)), there)
	if errors.Is(err, unix.ENOENT) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the table %q: %w", table, err)
	}
	counts := map[string]int64{}
	err = c.Ask(nft(unix.NFT_MSG_GETRULE, unix.NLM_F_DUMP, netlink.Text(unix.NFTA_RULE_TABLE, table)), func(body []byte) error {
		attrs := body[4:]
		comment := text(netlink.Find(attrs, unix.NFTA_RULE_USERDATA))
		netlink.Attributes(netlink.Find(attrs, unix.NFTA_RULE_EXPRESSIONS), func(_ uint16, e []byte) bool {
			if packets := netlink.Find(e, unix.NFTA_EXPR_DATA, unix.NFTA_COUNTER_PACKETS); len(packets) == 8 && string(netlink.Find(e, unix.NFTA_EXPR_NAME)) == "counter\x00" {
				counts[comment] += int64(binary.BigEndian.Uint64(packets))
			}
			return true
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the rules of %q: %w", table, err)
	}
	return counts, nil
}

// border begins or ends a transaction.
func border(kind uint16) netlink.Message {
	return netlink.Message{Type: kind, Body: []byte{unix.AF_UNSPEC, unix.NFNETLINK_V0, 0, unix.NFNL_SUBSYS_NFTABLES}}
}

func chain(table, name string, priority int32) netlink.Message {
	return nft(unix.NFT_MSG_NEWCHAIN, unix.NLM_F_CREATE|unix.NLM_F_ACK,
		netlink.Text(unix.NFTA_CHAIN_TABLE, table), netlink.Text(unix.NFTA_CHAIN_NAME, name), netlink.Text(unix.NFTA_CHAIN_TYPE, "filter"),
		netlink.Nest(unix.NFTA_CHAIN_HOOK, netlink.Big32(unix.NFTA_HOOK_HOOKNUM, hookIn), netlink.Big32(unix.NFTA_HOOK_PRIORITY, uint32(priority))))
}

// remark and text are a comment as nft shows it: its kind (0), its length, and
// its bytes up to a zero.
func remark(s string) []byte { return append([]byte{0, byte(len(s) + 1)}, append([]byte(s), 0)...) }

func text(b []byte) string {
	if len(b) < 2 {
		return ""
	}
	s, _, _ := bytes.Cut(b[2:], []byte{0})
	return string(s)
}
