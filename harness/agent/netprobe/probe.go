package netprobe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// Effect is the name in an agent's table.
const Effect = "net-probe"

// AnyPort is one on which hardly anybody listens.
const AnyPort = 9

// MaxWait bounds how long an answer may take that is waited for. Beyond it the
// answer could be one to a second packet.
const MaxWait = 30 * time.Second

// Config says what to ask.
type Config struct {
	To netip.AddrPort
	// Count is how often to ask at the same time, Wait how long to wait for the
	// answers.
	Count int
	Wait  time.Duration
	// UDP asks by datagrams: where nobody listens the kernel refuses those too,
	// but not more than a few in a second.
	UDP bool
}

// Counters of what was seen.
const (
	Asked    = "asked"
	Answered = "answered"
	// Median, Least and Most are round trips in microseconds; 0 when nothing
	// was answered.
	Median = "median us"
	Least  = "least us"
	Most   = "most us"
)

// Args are the arguments of the spec.
func (c Config) Args() map[string]string {
	return map[string]string{"to": c.To.String(), "count": strconv.Itoa(c.Count), "wait": c.Wait.String(), "udp": strconv.FormatBool(c.UDP)}
}

// New makes the effect of what Args wrote. Every Seen asks anew.
func New(args map[string]string) (agent.Effect, error) {
	var c Config
	var errs [4]error
	c.To, errs[0] = netip.ParseAddrPort(args["to"])
	c.Count, errs[1] = strconv.Atoi(args["count"])
	c.Wait, errs[2] = time.ParseDuration(args["wait"])
	c.UDP, errs[3] = strconv.ParseBool(args["udp"])
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("want an address with a port, a number, a duration and true or false, saw %v: %w", args, err)
	}
	if c.Count < 1 || c.Count > 1000 || c.Wait <= 0 || c.Wait > MaxWait {
		return nil, fmt.Errorf("want from 1 to 1000 questions and a wait of up to %s, saw %d and %s", MaxWait, c.Count, c.Wait)
	}
	return &probe{c}, nil
}

type probe struct{ Config }

func (p *probe) Before(context.Context) (map[string]string, error) { return nil, nil }
func (p *probe) Apply(context.Context) error                       { return nil }
func (p *probe) Undo(context.Context, map[string]string) error     { return nil }

// Seen implements agent.Effect.
func (p *probe) Seen(ctx context.Context) (agent.Seen, error) {
	ctx, cancel := context.WithTimeout(ctx, p.Wait)
	defer cancel()
	trips := make([]time.Duration, p.Count)
	errs := make([]error, p.Count)
	var all sync.WaitGroup
	for i := range p.Count {
		all.Go(func() { trips[i], errs[i] = p.ask(ctx) })
	}
	all.Wait()
	answered := slices.DeleteFunc(trips, func(d time.Duration) bool { return d == 0 })
	slices.Sort(answered)
	counters := map[string]int64{Asked: int64(p.Count), Answered: int64(len(answered)), Median: 0, Least: 0, Most: 0}
	detail := fmt.Sprintf("no answer from %s", p.To)
	if n := len(answered); n > 0 {
		counters[Median], counters[Least], counters[Most] = answered[n/2].Microseconds(), answered[0].Microseconds(), answered[n-1].Microseconds()
		detail = fmt.Sprintf("%d of %d answers from %s within %s, median %s, from %s to %s", n, p.Count, p.To, p.Wait,
			answered[n/2].Round(time.Microsecond), answered[0].Round(time.Microsecond), answered[n-1].Round(time.Microsecond))
	}
	return agent.Seen{Active: true, Counters: counters, Detail: detail}, errors.Join(errs...)
}

// ask asks once and returns how long the answer took; 0 when there was none.
// Its error is one of this side.
func (p *probe) ask(ctx context.Context) (took time.Duration, err error) {
	began := time.Now()
	if p.UDP {
		err = datagram(ctx, p.To)
	} else {
		err = connect(ctx, p.To)
	}
	took = max(1, time.Since(began))
	switch {
	case err == nil, errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET):
		return took, nil
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.ETIMEDOUT):
		return 0, nil
	}
	return 0, err
}

// connect opens a connection and leaves nothing of it.
func connect(ctx context.Context, to netip.AddrPort) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", to.String())
	if err != nil {
		return err
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	return conn.Close()
}

// datagram sends one and waits for whatever comes back.
func datagram(ctx context.Context, to netip.AddrPort) error {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	_ = conn.SetReadDeadline(deadline)
	if _, err := conn.Write([]byte("are you there?")); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	return err
}
