package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

// farewell bounds taking an announcement back.
const farewell = time.Second

// Register is described at Registry. ttl is rounded up to whole seconds, and
// etcd itself grants no less than about 1.5 times its election timeout (2 s).
// The announcement is taken back by deleting the key while the lease still
// lives: a watcher that looks at the lease can thus tell a farewell from an
// expiry.
func (e *Etcd) Register(ctx context.Context, in Instance, ttl time.Duration, report func(error)) error {
	if err := in.check(); err != nil {
		return err
	}
	value, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("register %q: %w", in.Key(), err)
	}
	a := announcement{etcd: e, key: in.Key(), value: string(value), ttl: ttl}
	state := reporter{report: report}
	for {
		err := a.renew(ctx)
		if ctx.Err() == nil {
			state.update(err)
		}
		next := ttl / 3
		if err != nil {
			next = pause
		}
		if !wait(ctx, next) {
			return a.withdraw(context.WithoutCancel(ctx))
		}
	}
}

// announcement is a key and the lease that it hangs on; lease 0 is none.
type announcement struct {
	etcd       *Etcd
	key, value string
	ttl        time.Duration
	lease      clientv3.LeaseID
}

// renew keeps the lease alive, or announces anew when there is none any more.
func (a *announcement) renew(ctx context.Context) error {
	if a.lease != 0 {
		err := a.etcd.try(ctx, func(ctx context.Context) error {
			_, err := a.etcd.client.KeepAliveOnce(ctx, a.lease)
			return err
		})
		if !errors.Is(err, rpctypes.ErrLeaseNotFound) {
			return wrap("keep lease of", a.key, err)
		}
		a.lease = 0
	}
	return wrap("announce", a.key, a.announce(ctx))
}

// announce takes a lease and puts the key on it.
func (a *announcement) announce(ctx context.Context) error {
	var lease clientv3.LeaseID
	err := a.etcd.try(ctx, func(ctx context.Context) error {
		grant, err := a.etcd.client.Grant(ctx, int64(math.Ceil(a.ttl.Seconds())))
		if err == nil {
			lease = grant.ID
		}
		return err
	})
	if err != nil {
		return err
	}
	err = a.etcd.try(ctx, func(ctx context.Context) error {
		_, err := a.etcd.client.Put(ctx, a.key, a.value, clientv3.WithLease(lease))
		return err
	})
	if err == nil {
		a.lease = lease
	}
	return err
}

// withdraw deletes the key if it is still on this announcement's lease.
func (a *announcement) withdraw(ctx context.Context) error {
	if a.lease == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	for {
		err := a.etcd.try(ctx, func(ctx context.Context) error {
			_, err := a.etcd.client.Txn(ctx).
				If(clientv3.Compare(clientv3.LeaseValue(a.key), "=", a.lease)).
				Then(clientv3.OpDelete(a.key)).
				Commit()
			return err
		})
		if err == nil || !wait(ctx, pause) {
			return wrap("take back", a.key, err)
		}
	}
}

// wrap says what was being done with which key.
func wrap(doing, key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s registry key %q: %w", doing, key, err)
}
