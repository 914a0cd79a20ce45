package fault

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netprobe"
)

const (
	// probeCount is how many connections a probe opens at the same time: enough
	// that a loss of 1 % is seen in a few looks.
	probeCount = 100
	// openCount is how many where somebody may listen.
	openCount = 20
	// udpCount is less than what a kernel refuses in one go.
	udpCount = 3
	// probeWait is how long an answer may take beyond what the fault adds. It
	// is less than the second after which a lost packet is sent again.
	probeWait = 700 * time.Millisecond
)

// glance is what a probe saw in one look.
type glance struct {
	asked, answered     int64
	least, median, most time.Duration
	text                string
}

func sightOf(s agent.Seen) glance {
	us := func(name string) time.Duration { return time.Duration(s.Counters[name]) * time.Microsecond }
	return glance{s.Counters[netprobe.Asked], s.Counters[netprobe.Answered], us(netprobe.Least), us(netprobe.Median), us(netprobe.Most), s.Detail}
}

func (s glance) silent() int64 { return s.asked - s.answered }

// proof is how the work of one agent is seen from outside: by a probe beside a
// peer. Of several agents beside peers of a target one is enough to see it.
func (s *shaping) proof(t Host) proof {
	r, receives := t.(receiver)
	switch {
	case !receives:
		return &pathProof{s: s, held: t, target: t.(Connected)}
	case !s.in && r.Name() == s.receivers()[0].Name():
		return &pathProof{s: s, held: t, target: s.targets[0], beside: r}
	}
	return plainProof{hold{effective: func(_ context.Context, _ Host, seen agent.Seen) (bool, string) { return true, seen.Detail }}, t}
}

// pathProof looks at the path to one target from beside a peer.
type pathProof struct {
	s      *shaping
	held   Host // beside which the agent is whose work is to be seen
	target Connected
	beside Host // the probe's place
	spec   agent.Spec
	client *agent.Client
	before glance
	// cleared is set once a fresh agent found nothing.
	cleared bool
}

// begin implements proof: the path has to answer before.
func (p *pathProof) begin(ctx context.Context, spec agent.Spec, _ map[string]string) error {
	p.spec, p.cleared = spec, false
	if err := p.post(ctx); err != nil {
		return err
	}
	return poll(ctx, readyEvery, func() (bool, string) {
		now, err := p.look(ctx)
		if err != nil {
			return false, err.Error()
		}
		p.before = now
		return now.silent() == 0 || p.s.filter.Protocol == "udp", now.text
	})
}

// post starts the probe.
func (p *pathProof) post(ctx context.Context) error {
	to, err := ipv4Of(ctx, []Target{p.target})
	if err != nil {
		return err
	}
	if p.beside == nil {
		if p.beside, err = p.place(ctx); err != nil {
			return err
		}
	}
	config := netprobe.Config{To: netip.AddrPortFrom(to[0], netprobe.AnyPort), Count: probeCount, Wait: probeWait + 3*(p.s.plan.Latency+p.s.plan.Jitter)}
	if p.s.filter.Port != 0 {
		config.To, config.Count = netip.AddrPortFrom(to[0], p.s.filter.Port), openCount
	}
	if p.s.filter.Protocol == "udp" {
		config.Count, config.UDP = udpCount, true
	}
	config.Wait = min(config.Wait, netprobe.MaxWait)
	link, err := p.beside.Agent(ctx, nil, []string{"net"})
	if err != nil {
		return fmt.Errorf("start a probe beside %q: %w", p.beside.Name(), err)
	}
	p.client = agent.Dial(link)
	if _, err = p.client.Prepare(ctx, agent.Spec{Effect: netprobe.Effect, Args: config.Args()}); err == nil {
		err = p.client.Apply(ctx, agent.MaxTTL)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("probe beside %q: %w", p.beside.Name(), err), p.end())
	}
	return nil
}

// place is a peer that runs.
func (p *pathProof) place(ctx context.Context) (Host, error) {
	for _, peer := range p.s.from(p.target) {
		host, ok := peer.(Connected)
		if !ok {
			continue
		}
		if status, err := host.Status(ctx); err == nil && status == running {
			return host, nil
		}
	}
	return nil, fmt.Errorf("want a peer of %q that runs, to look from; saw none of %s", p.target.Name(), namesOf(p.s.from(p.target)))
}

func (p *pathProof) look(ctx context.Context) (glance, error) {
	if p.client == nil {
		if err := p.post(ctx); err != nil {
			return glance{}, err
		}
	}
	seen, err := p.client.Seen(ctx)
	if err != nil { // its place may have been started again
		return glance{}, errors.Join(err, p.end())
	}
	return sightOf(seen), nil
}

// effective implements proof.
func (p *pathProof) effective(ctx context.Context, seen agent.Seen) (bool, string) {
	now, err := p.look(ctx)
	if err != nil {
		return false, err.Error()
	}
	ok, saw := p.s.sees(p.s, p.before, now, seen.Counters)
	return ok, fmt.Sprintf("%s; before: %s; now: %s; the kernel: %v", saw, p.before.text, now.text, seen.Counters)
}

// removed implements proof.
func (p *pathProof) removed(ctx context.Context) (bool, string) {
	if ok, saw := asBefore(ctx, p.target); !ok {
		return false, saw
	}
	now, err := p.look(ctx)
	if err != nil {
		return false, err.Error()
	}
	if p.s.filter.Protocol != "udp" && (now.silent() > 0 || !p.s.normal(p.s, p.before, now)) {
		return false, "a path that is not as before: " + now.text
	}
	if !p.cleared {
		ok, saw := gone(ctx, p.held, []string{"NET_ADMIN"}, p.spec)
		if !ok {
			return false, saw
		}
		p.cleared = true
	}
	return true, ""
}

// end implements proof.
func (p *pathProof) end() error {
	if p.client == nil {
		return nil
	}
	c := p.client
	p.client = nil
	return c.Close()
}
