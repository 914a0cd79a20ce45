package dnsfault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/nft"
)

const (
	// table is the name of ours in the target's network namespace.
	table = "fournines-dns"
	// mark is on the queries that are passed on.
	mark = 0x9998
	port = 53
)

type effect struct {
	spec   Spec
	server *server
	rules  nft.Held
}

func newEffect(s Spec) *effect { return &effect{spec: s, rules: nft.Held{Name: table}} }

// servers are the name servers whose queries are redirected.
func (e *effect) servers() ([]netip.Addr, error) {
	if len(e.spec.Servers) > 0 {
		return e.spec.Servers, nil
	}
	return nameServers()
}

// chains redirect queries to the name servers before the rules of the
// container engine, which redirects them as well, and nothing else: the
// engine's resolver asks others from within this namespace.
func (e *effect) chains(to uint16) ([]nft.Chain, error) {
	servers, err := e.servers()
	if err != nil {
		return nil, err
	}
	own := nft.Chain{Name: "own", Type: nft.NAT, Hook: nft.Output, Priority: nft.NATDest - 10}
	for _, server := range servers {
		for _, query := range []nft.Match{nft.ToUDP(port), nft.ToTCP(port)} {
			own.Rules = append(own.Rules, nft.Rule{
				Name:  "redirected",
				Match: []nft.Match{nft.To(netip.PrefixFrom(server, server.BitLen())), query, nft.WithoutMark(mark)},
				Do:    nft.Redirect(to),
			})
		}
	}
	return []nft.Chain{own}, nil
}

// Before implements agent.Effect.
func (e *effect) Before(context.Context) (map[string]string, error) {
	chains, err := e.chains(1)
	if err != nil {
		return nil, err
	}
	return nil, nft.Possible(table, chains...)
}

// Apply implements agent.Effect.
func (e *effect) Apply(ctx context.Context) error {
	udp, err := new(net.ListenConfig).ListenPacket(ctx, "udp", ":0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	to := udp.LocalAddr().(*net.UDPAddr).Port
	tcp, err := new(net.ListenConfig).Listen(ctx, "tcp", fmt.Sprintf(":%d", to))
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), udp.Close())
	}
	e.server = &server{spec: e.spec, ask: e.ask}
	e.server.serve(udp, tcp)
	chains, err := e.chains(uint16(to))
	if err == nil {
		err = e.rules.Create(chains...)
	}
	if err != nil {
		return errors.Join(err, e.Undo(ctx, nil))
	}
	return nil
}

// ask passes a query on to the first name server.
func (e *effect) ask(ctx context.Context, network string, query []byte) ([]byte, error) {
	servers, err := e.servers()
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Control: nft.Marked(mark)}
	conn, err := dialer.DialContext(ctx, network, netip.AddrPortFrom(servers[0], port).String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if network == "tcp" {
		if _, err := conn.Write(frame(query)); err != nil {
			return nil, err
		}
		return readFrame(conn)
	}
	if _, err := conn.Write(query); err != nil {
		return nil, err
	}
	p := make([]byte, 64<<10)
	n, err := conn.Read(p)
	return p[:n], err
}

// Seen implements agent.Effect: the table is asked for in the kernel.
func (e *effect) Seen(context.Context) (agent.Seen, error) {
	there, detail, counts, err := e.rules.Look()
	seen := agent.Seen{Active: there, Detail: detail}
	if err != nil || counts == nil || e.server == nil {
		return seen, err
	}
	seen.Counters = map[string]int64{
		"redirected": int64(counts["redirected"].Packets), "queries": e.server.queries.Load(), "hit": e.server.hits.Load(),
	}
	seen.Detail = fmt.Sprintf("%d of %d queries hit", e.server.hits.Load(), e.server.queries.Load())
	return seen, nil
}

// Undo implements agent.Effect. A table that another agent made went with it.
func (e *effect) Undo(context.Context, map[string]string) error {
	if err := e.rules.Remove(); err != nil || e.server == nil {
		return err
	}
	err := e.server.close()
	e.server = nil
	return err
}
