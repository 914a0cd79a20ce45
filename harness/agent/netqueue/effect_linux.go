package netqueue

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

const (
	// queueLength is how many packets may wait. Those beyond pass at once; the
	// kernel's default of 1024 is 10,000 packets/s for 100 ms.
	queueLength = 8192
	// prefix begins the names of our tables.
	prefix = "fournines-shape-"
)

// queued is the effect.
type queued struct {
	plan   shape.Plan
	filter shape.Filter
	table  string
	number uint16
	length uint32
	gso    bool

	rules  *netlink.Conn
	reader *reader
}

// New makes the effect "net-queue" of the arguments of a shape.Plan and a
// shape.Filter, and of these: number is that of the packet queue and of the table,
// which no other in the namespace may have; length is how many packets may be
// held (8192); gso says whether segments that belong together are taken as one
// packet (on), each by itself (off), or, which is the default, whatever is
// right for the plan and cheap.
func New(args map[string]string) (agent.Effect, error) {
	plan, err := shape.Parse(args)
	if err != nil {
		return nil, err
	}
	filter, err := shape.ParseFilter(args)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(args["number"], 10, 16)
	if err != nil {
		return nil, fmt.Errorf("argument \"number\": want one from 0 to 65535, saw %q", args["number"])
	}
	length := uint64(queueLength)
	if text := args["length"]; text != "" {
		if length, err = strconv.ParseUint(text, 10, 20); err != nil || length == 0 {
			return nil, fmt.Errorf("argument \"length\": want a number of packets up to 1048575, saw %q", text)
		}
	}
	gso := !plan.PerPacket()
	switch args["gso"] {
	case "":
	case "on", "off":
		gso = args["gso"] == "on"
	default:
		return nil, fmt.Errorf("argument \"gso\": want on, off or nothing, saw %q", args["gso"])
	}
	return &queued{plan: plan, filter: filter, number: uint16(number), table: prefix + strconv.FormatUint(number, 10), length: uint32(length), gso: gso}, nil
}

// Before implements agent.Effect: the kernel checks the rules without putting
// them into effect.
func (q *queued) Before(context.Context) (map[string]string, error) {
	if err := onlyIPv4(); err != nil {
		return nil, err
	}
	counts, err := counted(q.table)
	if err != nil {
		return nil, err
	}
	if counts != nil {
		return nil, fmt.Errorf("want no table %q, saw one that another process holds", q.table)
	}
	c, err := netlink.Dial(unix.NETLINK_NETFILTER)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	err = install(c, q.table, q.number, q.filter, true)
	switch {
	case errors.Is(err, unix.EPERM):
		return nil, fmt.Errorf("ask the kernel about rules: %w; the agent wants the capability NET_ADMIN", err)
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.EOPNOTSUPP):
		return nil, fmt.Errorf("ask the kernel about rules that queue packets: %w; it wants nf_tables with NFT_COMPAT and the target NFQUEUE (CONFIG_NETFILTER_XT_TARGET_NFQUEUE)", err)
	case err != nil:
		return nil, fmt.Errorf("ask the kernel about rules that queue packets: %w", err)
	}
	return map[string]string{"way": Way}, nil
}

// onlyIPv4 refuses a namespace whose packets could take another way.
func onlyIPv4() error {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return fmt.Errorf("list addresses: %w", err)
	}
	for _, a := range addrs {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() == nil && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() {
			return fmt.Errorf("want IPv4 addresses alone, saw %s: packets of IPv6 would pass untouched", ip)
		}
	}
	return nil
}

// Apply implements agent.Effect: the queue is read before the rules fill it.
func (q *queued) Apply(context.Context) (err error) {
	if q.reader, err = newReader(q.number, q.length, q.gso, q.plan); err != nil {
		return err
	}
	go q.reader.run()
	if q.rules, err = netlink.Dial(unix.NETLINK_NETFILTER); err != nil {
		return errors.Join(err, q.end())
	}
	if err := install(q.rules, q.table, q.number, q.filter, false); err != nil {
		return errors.Join(fmt.Errorf("install rules: %w", err), q.end())
	}
	return nil
}

// Seen implements agent.Effect. The counters "queued", "passed undecided",
// "decided" and "doubled" are those of the kernel's rules, "dropped by kernel"
// of its queue; the others are of what this process decided.
func (q *queued) Seen(context.Context) (agent.Seen, error) {
	counts, err := counted(q.table)
	if err != nil {
		return agent.Seen{}, err
	}
	line, bound, err := q.inKernel()
	if err != nil {
		return agent.Seen{}, err
	}
	seen := agent.Seen{Active: counts != nil && bound, Counters: counts, Detail: fmt.Sprintf("table %s %t, queue %d %t %s", q.table, counts != nil, q.number, bound, line)}
	if r := q.reader; r != nil {
		if seen.Counters == nil {
			seen.Counters = map[string]int64{}
		}
		for name, n := range map[string]int64{
			"read": r.read.Load(), "lost": r.dropped.Load(), "to be doubled": r.doubled.Load(), "corrupted": r.corrupted.Load(),
			"overtaken": r.overtaken.Load(), "held": r.holds.Load(), "not read": r.lost.Load(), "latest us": r.late.Load() / 1000,
			"cpu us": r.processorTime().Microseconds(),
		} {
			seen.Counters[name] = n
		}
		select {
		case <-r.done:
			seen.Active = false
			seen.Detail += fmt.Sprintf("; nobody reads it any more: %v", r.err)
		default:
		}
	}
	return seen, nil
}

// inKernel is the kernel's line about the queue: number, reader, waiting, what
// is copied of a packet, how much, dropped by the kernel, dropped on the way
// to the reader, packets so far.
func (q *queued) inKernel() (line string, bound bool, err error) {
	all, err := os.ReadFile("/proc/thread-self/net/netfilter/nfnetlink_queue")
	if err != nil {
		return "", false, fmt.Errorf("read the kernel's packet queues: %w", err)
	}
	for line := range strings.Lines(string(all)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == strconv.Itoa(int(q.number)) {
			return "(" + strings.Join(fields, " ") + ")", true, nil
		}
	}
	return "", false, nil
}

// Undo implements agent.Effect. What is held goes on at once, then the rules
// go; an agent that did not make them waits until the kernel has removed them.
func (q *queued) Undo(ctx context.Context, _ map[string]string) error {
	if q.reader != nil || q.rules != nil {
		if err := q.end(); err != nil {
			return err
		}
	}
	for {
		counts, err := counted(q.table)
		if err != nil {
			return err
		}
		if counts == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("want no table %q, saw that a process which lives still holds it: end the agent beside this container", q.table)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// end lets held packets go and removes rules and queue, in this order: no
// packet is lost that way. Closing what the kernel ties to this process
// removes them whatever went wrong before.
func (q *queued) end() error {
	if q.reader != nil {
		q.reader.open.Store(true)
		q.reader.nudge()
	}
	if q.rules != nil {
		if err := stopQueueing(q.rules, q.table); err == nil && q.reader != nil {
			q.reader.drain()
		}
		_ = remove(q.rules, q.table)
		_ = q.rules.Close()
		q.rules = nil
	}
	var err error
	if q.reader != nil {
		err = q.reader.end()
		q.reader = nil
	}
	return err
}
