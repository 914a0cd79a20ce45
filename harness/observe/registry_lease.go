package observe

import (
	"context"
	"errors"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/fournines/fournines/harness"
)

const (
	leaseTimeout = 500 * time.Millisecond
	// leaseAsks is how often a lease with no whole second left is asked for,
	// and leasePause the time between.
	leaseAsks  = 4
	leasePause = 50 * time.Millisecond
)

// leaseGone is what etcd says instead of the seconds left of a lease that is
// not there.
const leaseGone = -1

// cause says why a key that hung on lease is gone.
func (r *registry) cause(ctx context.Context, lease int64) (harness.Kind, string) {
	if lease == 0 {
		return harness.Deregistered, "the key was deleted; it had no lease"
	}
	return expiry(func() (int64, error) {
		var left int64
		err := errors.New("no members")
		for _, m := range r.members {
			if left, err = m.left(ctx, lease); err == nil {
				return left, nil
			}
		}
		return 0, err
	}, func() bool { return wait(ctx, leasePause) })
}

// expiry decides between lease-expired and deregistered. left returns the whole
// seconds that are left of the lease, or leaseGone; pause reports false when
// there is no time to wait.
//
// 0 seconds left is said of a lease that is about to end, but also, by a leader
// that is a moment behind, of one that has ended: it is asked for again. A
// lease that nobody can be asked about is taken for expired.
func expiry(left func() (int64, error), pause func() bool) (harness.Kind, string) {
	var err error
	for range leaseAsks {
		var seconds int64
		seconds, err = left()
		switch {
		case err == nil && seconds == leaseGone:
			return harness.LeaseExpired, "its lease is gone"
		case err == nil && seconds > 0:
			return harness.Deregistered, "the key was deleted while its lease was alive"
		}
		if !pause() {
			break
		}
	}
	if err != nil {
		return harness.LeaseExpired, "its lease could not be asked about: " + err.Error()
	}
	return harness.Deregistered, "the key was deleted in the last second of its lease"
}

// left asks the member how many seconds are left of a lease.
func (m *member) left(ctx context.Context, lease int64) (int64, error) {
	client := m.client.Load()
	if client == nil {
		return 0, errNowhere
	}
	ctx, cancel := context.WithTimeout(ctx, leaseTimeout)
	defer cancel()
	resp, err := client.TimeToLive(ctx, clientv3.LeaseID(lease))
	if err != nil {
		return 0, err
	}
	return resp.TTL, nil
}
