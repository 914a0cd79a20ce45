package netem

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

func ours(device string) bool { return strings.HasPrefix(device, Prefix) }

// effect is the effect.
type effect struct {
	plan   shape.Plan
	filter shape.Filter
	device string
	// kind and options are those of the qdisc on the device.
	kind    string
	options []byte
}

// New makes the effect of the arguments of a shape.Plan and a shape.Filter, and
// of number, which names the device and which no other in the namespace may
// have.
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
	e := &effect{plan: plan, filter: filter, device: Prefix + strconv.FormatUint(number, 10), kind: "netem"}
	if e.options, err = options(plan); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return e, nil
}

// Before implements agent.Effect. "devices" are the indexes of those whose
// packets would be led away.
func (e *effect) Before(context.Context) (map[string]string, error) {
	c, err := netlink.Dial(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if ok, err := known(c); err != nil || !ok {
		return nil, errors.Join(err, fmt.Errorf("%w: this kernel has no sch_netem", ErrUnsupported))
	}
	return e.look(c)
}

// look is Before without the question for netem.
func (e *effect) look(c *netlink.Conn) (map[string]string, error) {
	if _, err := net.InterfaceByName(e.device); err == nil {
		return nil, fmt.Errorf("want no device %q, saw one that somebody else holds", e.device)
	}
	devices, err := outer()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range devices {
		for _, kind := range []string{"ingress", "clsact"} {
			if _, _, taken, err := counts(c, d, kind); err != nil || taken {
				return nil, errors.Join(err, fmt.Errorf("%w: device %d has a qdisc %s already", ErrUnsupported, d, kind))
			}
		}
		names = append(names, strconv.Itoa(d))
	}
	return map[string]string{"way": "netem", "devices": strings.Join(names, ",")}, nil
}

// Apply implements agent.Effect.
func (e *effect) Apply(ctx context.Context) error {
	c, err := netlink.Dial(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer c.Close()
	before, err := e.look(c)
	if err != nil {
		return err
	}
	to, err := newDevice(c, e.device)
	if err == nil {
		err = e.fill(c, to, before["devices"])
	}
	if err != nil {
		return errors.Join(err, e.Undo(ctx, before))
	}
	return nil
}

func (e *effect) fill(c *netlink.Conn, to int, devices string) error {
	if err := c.Do(newQdisc(to, e.kind, e.options)); err != nil {
		return fmt.Errorf("put %s on the device %q: %w", e.kind, e.device, err)
	}
	for _, d := range indexes(devices) {
		if err := c.Do(listen(d)); err != nil {
			return fmt.Errorf("filter what device %d receives: %w", d, err)
		}
		for i, condition := range e.filter.Conditions() {
			if err := c.Do(lead(d, to, uint32(i+1), condition)); err != nil {
				return fmt.Errorf("lead packets of device %d to %q: %w", d, e.device, err)
			}
		}
	}
	return nil
}

func indexes(list string) (all []int) {
	for text := range strings.SplitSeq(list, ",") {
		if n, err := strconv.Atoi(text); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// Seen implements agent.Effect.
func (e *effect) Seen(context.Context) (agent.Seen, error) {
	device, err := net.InterfaceByName(e.device)
	if err != nil {
		return agent.Seen{Detail: fmt.Sprintf("no device %q", e.device)}, nil
	}
	c, err := netlink.Dial(unix.NETLINK_ROUTE)
	if err != nil {
		return agent.Seen{}, err
	}
	defer c.Close()
	passed, dropped, found, err := counts(c, device.Index, e.kind)
	if err != nil {
		return agent.Seen{}, fmt.Errorf("read qdiscs: %w", err)
	}
	return agent.Seen{
		Active: found, Detail: fmt.Sprintf("%s on %q: %t", e.kind, e.device, found),
		Counters: map[string]int64{"queued": passed + dropped, "decided": passed, "lost": dropped},
	}, nil
}

// Undo implements agent.Effect. The filters go first: what they lead to a
// device that is not there any more is lost.
func (e *effect) Undo(_ context.Context, before map[string]string) error {
	c, err := netlink.Dial(unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer c.Close()
	var errs []error
	for _, d := range indexes(before["devices"]) {
		if err := c.Do(unlisten(d)); err != nil && !slices.ContainsFunc([]error{unix.ENODEV, unix.ENOENT, unix.EINVAL}, func(gone error) bool { return errors.Is(err, gone) }) {
			errs = append(errs, fmt.Errorf("stop filtering what device %d receives: %w", d, err))
		}
	}
	return errors.Join(append(errs, removeDevice(c, e.device))...)
}
