package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

const (
	// tryLimit bounds one exchange with one member: a member that hangs costs
	// no more than this before the next one is asked.
	tryLimit = 300 * time.Millisecond
	// pause is how long to wait after an exchange that did not work.
	pause = 100 * time.Millisecond
)

// Etcd is a registry kept by an etcd cluster.
//
// Every exchange is a short call of its own, which the client sends to the
// members in turn. A long-lived stream would be cheaper, but one member that
// hangs would then hold up keep-alives until the lease is gone.
type Etcd struct {
	client *clientv3.Client
}

var _ Remote = (*Etcd)(nil)

// OpenEtcd connects to the registry at url, "etcd://host:port,host:port,…". It
// returns at once; members that do not answer are tried again in the
// background. Close ends the connections.
func OpenEtcd(url string) (*Etcd, error) {
	hosts, ok := strings.CutPrefix(url, etcdScheme)
	if !ok {
		return nil, fmt.Errorf("open registry %q: want %shost:port,host:port,…", url, etcdScheme)
	}
	endpoints, err := membersOf(url, hosts)
	if err != nil {
		return nil, err
	}
	for i := range endpoints {
		endpoints[i] = "http://" + endpoints[i]
	}
	client, err := clientv3.New(clientv3.Config{
		Endpoints:            endpoints,
		DialTimeout:          2 * time.Second,
		DialKeepAliveTime:    10 * time.Second, // gRPC allows no less
		DialKeepAliveTimeout: time.Second,
		Logger:               zap.NewNop(), // every error is returned, and the caller logs it
		DialOptions: []grpc.DialOption{grpc.WithConnectParams(grpc.ConnectParams{
			// gRPC's own 120 s would keep a program away long after an outage.
			Backoff:           backoff.Config{BaseDelay: pause, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
			MinConnectTimeout: 2 * time.Second,
		})},
	})
	if err != nil {
		return nil, fmt.Errorf("open registry %q: %w", url, err)
	}
	return &Etcd{client: client}, nil
}

// Close is described at Remote.
func (e *Etcd) Close() error {
	if err := e.client.Close(); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("close registry client: %w", err)
	}
	return nil
}

// try does one exchange within tryLimit, once any member can be reached.
func (e *Etcd) try(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, tryLimit)
	defer cancel()
	conn := e.client.ActiveConnection()
	for state := conn.GetState(); state.String() != "READY"; state = conn.GetState() {
		conn.Connect()
		if !conn.WaitForStateChange(ctx, state) {
			return fmt.Errorf("reach any of %q: %w", e.client.Endpoints(), ctx.Err())
		}
	}
	return do(ctx)
}

// wait lets d pass, and reports false when ctx was done before.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
