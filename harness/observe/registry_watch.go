package observe

import (
	"context"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// watch reports the member's updates into feed until the watch breaks, and
// closes watching once it stands. A member that has lost its leader is as good
// as lost: its watch breaks.
func (m *member) watch(ctx context.Context, client *clientv3.Client, watching chan<- struct{}, feed chan<- batch) {
	from := m.applied.Load() + 1
	updates := client.Watch(clientv3.WithRequireLeader(ctx), m.prefix,
		clientv3.WithPrefix(), clientv3.WithRev(from), clientv3.WithCreatedNotify())
	// Updates up to the revision at which the watch was created are history
	// that this session catches up on.
	history := int64(0)
	missed := time.Unix(0, m.whole.Load())
	for resp := range updates {
		at := time.Now()
		switch {
		case resp.CompactRevision != 0:
			if now, err := m.list(ctx, client); err == nil {
				m.send(ctx, feed, batch{at: at, resolution: at.Sub(missed), list: &now})
				// The ledger takes the listing in before the next session asks
				// it where to begin, or the next session lists again.
			}
			return
		case resp.Err() != nil:
			return
		case resp.Created:
			history = resp.Header.Revision
			close(watching)
		}
		if len(resp.Events) == 0 {
			continue
		}
		b := batch{at: at, resolution: watchResolution}
		for _, e := range resp.Events {
			b.updates = append(b.updates, updateOf(e))
		}
		if b.updates[0].rev <= history {
			b.resolution = max(b.resolution, at.Sub(missed))
		}
		m.send(ctx, feed, b)
	}
}

// updateOf reads one event of a watch.
func updateOf(e *clientv3.Event) update {
	u := update{rev: e.Kv.ModRevision, key: string(e.Kv.Key), gone: e.Type == clientv3.EventTypeDelete}
	if !u.gone {
		u.entry = entry{lease: e.Kv.Lease, value: string(e.Kv.Value)}
	}
	return u
}

func (m *member) send(ctx context.Context, feed chan<- batch, b batch) {
	select {
	case feed <- b:
	case <-ctx.Done():
	}
}
