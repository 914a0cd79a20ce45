package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/fournines/fournines/stack"
)

// FarewellKey is where the last session is written down that took its
// announcement of the instance back.
func (in Instance) FarewellKey() string { return stack.FarewellRoot + in.Service + "/" + in.Name }

// Register is described at Registry. The ensemble bounds ttl by its shortest
// and longest session, and ends sessions in steps of its tick.
//
// Before the announcement is taken back, the session is written down at
// FarewellKey: nothing else tells a node that was taken back from one whose
// session has expired.
func (z *ZooKeeper) Register(ctx context.Context, in Instance, ttl time.Duration, report func(error)) error {
	if err := in.check(); err != nil {
		return err
	}
	value, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("register %q: %w", in.Key(), err)
	}
	s, err := z.open(ttl)
	if err != nil {
		return wrap("announce", in.Key(), err)
	}
	a := ephemeral{session: s, node: z.root + in.Key(), farewell: z.root + in.FarewellKey(), value: value}
	state := reporter{report: report}
	for {
		err := wrap("keep", in.Key(), a.renew(ctx))
		if ctx.Err() == nil {
			state.update(err)
		}
		next := ttl / 3
		if err != nil {
			next = pause
		}
		if !wait(ctx, next) {
			return wrap("take back", in.Key(), a.withdraw(context.WithoutCancel(ctx), z.end))
		}
	}
}

// ephemeral is a node that goes with its session; owner 0 is none.
type ephemeral struct {
	session        *session
	node, farewell string
	value          []byte
	owner          int64
}

// renew makes sure that a member has the session, or announces anew when it is
// another one. A node that somebody else has replaced is left to them.
func (a *ephemeral) renew(ctx context.Context) error {
	if a.owner != 0 {
		err := a.session.try(ctx, func(c *zk.Conn) error {
			_, _, err := c.Exists(a.node)
			return err
		})
		if err != nil || a.session.conn.SessionID() == a.owner {
			return err
		}
		a.owner = 0
	}
	owner := make(chan int64, 1)
	err := a.session.try(ctx, func(c *zk.Conn) error {
		id, err := announceNode(c, a.node, a.value)
		owner <- id
		return err
	})
	if err == nil {
		a.owner = <-owner
	}
	return err
}

// announceNode makes the node, in place of one of another session, and returns
// the session that it goes with.
func announceNode(c *zk.Conn, node string, value []byte) (owner int64, err error) {
	if err := ensure(c, path.Dir(node)); err != nil {
		return 0, err
	}
	everybody := zk.WorldACL(zk.PermAll)
	_, err = c.Create(node, value, zk.FlagEphemeral, everybody)
	if errors.Is(err, zk.ErrNodeExists) {
		_, err = c.Multi(
			&zk.DeleteRequest{Path: node, Version: -1},
			&zk.CreateRequest{Path: node, Data: value, Acl: everybody, Flags: zk.FlagEphemeral},
		)
	}
	if err != nil {
		return 0, err
	}
	there, stat, err := c.Exists(node)
	if err == nil && !there {
		err = zk.ErrNoNode
	}
	if err != nil {
		return 0, err
	}
	if stat.EphemeralOwner != c.SessionID() {
		return 0, fmt.Errorf("want it on session %x, saw it on %x", c.SessionID(), stat.EphemeralOwner)
	}
	return stat.EphemeralOwner, nil
}

// withdraw says farewell and ends the session; the members remove its nodes,
// and no others, with it.
func (a *ephemeral) withdraw(ctx context.Context, end func(*session) bool) error {
	if a.owner == 0 {
		end(a.session)
		return nil
	}
	limit, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	for {
		err := a.session.try(limit, func(c *zk.Conn) error {
			if err := ensure(c, a.farewell); err != nil {
				return err
			}
			_, err := c.Set(a.farewell, fmt.Appendf(nil, "%x", a.owner), -1)
			return err
		})
		if err == nil {
			break
		}
		if errors.Is(err, errEnded) || !wait(limit, pause) {
			end(a.session)
			return err
		}
	}
	if !end(a.session) {
		return errors.New("no member has answered; its session ends by itself")
	}
	return nil
}
