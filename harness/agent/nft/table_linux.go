package nft

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/google/nftables"
	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Table is in the kernel until Close or the end of the process. Nobody else
// can change it. Its methods may be called concurrently.
type Table struct {
	mu    sync.Mutex
	conn  *nftables.Conn
	table *nftables.Table
}

// Create makes a table of both address families with all of its chains at
// once, or nothing. A name that is taken is an error.
func Create(name string, chains ...Chain) (*Table, error) {
	var socket *netlink.Conn
	conn, err := nftables.New(nftables.AsLasting(), nftables.WithSockOptions(func(c *netlink.Conn) error {
		socket = c
		return nil
	}))
	if err != nil {
		return nil, fmt.Errorf("%w: open netlink: %w", ErrUnsupported, err)
	}
	t := &Table{conn: conn, table: &nftables.Table{Name: name, Family: nftables.TableFamilyINet}}
	if err := own(socket, t.table); err != nil {
		return nil, errors.Join(fmt.Errorf("create table %q: %w", name, err), t.Close())
	}
	for _, c := range chains {
		t.add(c)
	}
	if len(chains) > 0 {
		if err := conn.Flush(); err != nil {
			return nil, errors.Join(fmt.Errorf("fill table %q: %w: %w", name, ErrUnsupported, err), t.Close())
		}
	}
	return t, nil
}

// owner is the flag NFT_TABLE_F_OWNER of the kernel.
const owner = 2

// own creates a table that belongs to the socket: it is removed when that is
// closed.
func own(socket *netlink.Conn, t *nftables.Table) error {
	const subsystem = unix.NFNL_SUBSYS_NFTABLES
	attributes, err := netlink.MarshalAttributes([]netlink.Attribute{
		{Type: unix.NFTA_TABLE_NAME, Data: []byte(t.Name + "\x00")},
		{Type: unix.NFTA_TABLE_FLAGS, Data: binaryutil.BigEndian.PutUint32(owner)},
	})
	if err != nil {
		return err
	}
	create := netlink.Message{
		Header: netlink.Header{
			Type:  netlink.HeaderType(subsystem<<8 | unix.NFT_MSG_NEWTABLE),
			Flags: netlink.Request | netlink.Acknowledge | netlink.Create | netlink.Excl,
		},
		Data: append([]byte{byte(t.Family), unix.NFNETLINK_V0, 0, 0}, attributes...),
	}
	edge := func(kind netlink.HeaderType) netlink.Message {
		return netlink.Message{Header: netlink.Header{Type: kind, Flags: netlink.Request}, Data: []byte{0, unix.NFNETLINK_V0, 0, subsystem}}
	}
	if _, err := socket.SendMessages([]netlink.Message{edge(unix.NFNL_MSG_BATCH_BEGIN), create, edge(unix.NFNL_MSG_BATCH_END)}); err != nil {
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if _, err := socket.Receive(); err != nil {
		if errors.Is(err, unix.EEXIST) {
			return errors.New("it is there already: want one fault of a kind in a network namespace")
		}
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return nil
}

// add queues a chain and its rules.
func (t *Table) add(c Chain) {
	hooks := map[Hook]*nftables.ChainHook{Prerouting: nftables.ChainHookPrerouting, Input: nftables.ChainHookInput, Output: nftables.ChainHookOutput}
	chain := t.conn.AddChain(&nftables.Chain{
		Name: c.Name, Table: t.table, Type: nftables.ChainType(c.Type), Hooknum: hooks[c.Hook],
		Priority: nftables.ChainPriorityRef(nftables.ChainPriority(c.Priority)),
	})
	for _, r := range c.Rules {
		rule := &nftables.Rule{Table: t.table, Chain: chain, UserData: []byte(r.Name)}
		for _, m := range r.Match {
			rule.Exprs = append(rule.Exprs, m...)
		}
		rule.Exprs = append(append(rule.Exprs, &expr.Counter{}), r.Do...)
		t.conn.AddRule(rule)
	}
}

// Counts asks the kernel what the rules have met, by their names.
func (t *Table) Counts() (map[string]Count, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	chains, err := t.conn.ListChainsOfTableFamily(t.table.Family)
	if err != nil {
		return nil, fmt.Errorf("list chains: %w", err)
	}
	counts := map[string]Count{}
	for _, c := range chains {
		if c.Table.Name != t.table.Name {
			continue
		}
		rules, err := t.conn.GetRules(t.table, c)
		if err != nil {
			return nil, fmt.Errorf("list rules of chain %q: %w", c.Name, err)
		}
		for _, r := range rules {
			for _, e := range r.Exprs {
				if counter, ok := e.(*expr.Counter); ok {
					sum := counts[string(r.UserData)]
					counts[string(r.UserData)] = Count{sum.Packets + counter.Packets, sum.Bytes + counter.Bytes}
				}
			}
		}
	}
	return counts, nil
}

// Close removes the table. It is idempotent.
func (t *Table) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.conn.CloseLasting(); err != nil {
		return fmt.Errorf("close netlink: %w", err)
	}
	return nil
}

// Present asks the kernel whether there is a table of that name, whoever made
// it.
func Present(name string) (bool, error) {
	conn, err := nftables.New()
	if err != nil {
		return false, fmt.Errorf("open netlink: %w", err)
	}
	tables, err := conn.ListTablesOfFamily(nftables.TableFamilyINet)
	if err != nil {
		return false, fmt.Errorf("list tables: %w", err)
	}
	return slices.ContainsFunc(tables, func(t *nftables.Table) bool { return t.Name == name }), nil
}

// Possible returns nil when a table with these chains can be made here: it
// makes one, of which no rule matches anything, and removes it at once.
func Possible(name string, chains ...Chain) error {
	chains = slices.Clone(chains)
	for i, c := range chains {
		chains[i].Rules = nil
		for _, r := range c.Rules {
			r.Match = append([]Match{never()}, r.Match...)
			chains[i].Rules = append(chains[i].Rules, r)
		}
	}
	t, err := Create(name+"-try", chains...)
	if err != nil {
		return err
	}
	return t.Close()
}

// never matches no packet: there is no such protocol.
func never() Match { return protocol(255) }
