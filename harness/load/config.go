package load

import (
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
	"github.com/fournines/fournines/harness/loopback"
)

const (
	// DefaultMaxBody is how much of an answer's body is read when
	// Config.MaxBody is 0: 1 MiB.
	DefaultMaxBody = 1 << 20
	// MaxInFlight bounds Rate x Timeout: the number of requests that can be
	// under way at once when the stack hangs. Each holds a socket.
	MaxInFlight = 50_000
	// spareWorkers is added to the workers that Rate and Timeout ask for, for
	// bursts after the scheduler of the machine held us up.
	spareWorkers = 32
	// workerMargin is the share of workers above Rate x Timeout.
	workerMargin = 1.2
)

// Config says what traffic to send.
type Config struct {
	// Rate is scheduled requests per second; > 0.
	Rate float64
	// Timeout bounds one request from its sending to the end of its answer;
	// > 0.
	Timeout time.Duration
	// Requests makes the requests.
	Requests Source
	// For is how long requests are scheduled; 0 means until ctx is done.
	For time.Duration
	// FreshConnections opens a connection for every request instead of
	// keeping and sharing them.
	FreshConnections bool
	// AllowHosts are the hosts besides loopback addresses that traffic may go
	// to.
	AllowHosts []string
	// Trust holds the authorities of the certificates that servers show; nil for
	// those that the machine trusts.
	Trust *x509.CertPool
	// MaxBody is how many bytes of a body are read; 0 means DefaultMaxBody. A
	// longer body is cut off there, which costs its connection.
	MaxBody int64
	// Book takes every request that writes, and what became of it; nil for
	// nobody. Its methods are called concurrently.
	Book *ledger.Book
}

// New returns a load of the given configuration. The error names everything
// that is wrong with it. Requests(0) is called once, to find out early when
// the traffic would go to a host that is not allowed.
//
// The load may be run more than once; each Run starts a schedule, a pool of
// workers and connections of its own.
func New(c Config) (harness.Load, error) {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("configure load: %w", err)
	}
	workers := uint64(math.Ceil(c.Rate*c.Timeout.Seconds()*workerMargin)) + spareWorkers
	return &openLoop{
		Config:   c,
		schedule: schedule{rate: c.Rate, length: c.For},
		guard:    loopback.Allowing(c.AllowHosts...).Trusting(c.Trust),
		workers:  workers,
	}, nil
}

func (c Config) check() error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf(format, args...))
	}
	if !(c.Rate > 0) || math.IsInf(c.Rate, 1) {
		problem("rate is %v requests/s; want more than 0", c.Rate)
	}
	if c.Timeout <= 0 {
		problem("timeout is %v; want more than 0", c.Timeout)
	}
	if n := c.Rate * c.Timeout.Seconds(); n > MaxInFlight {
		problem("rate x timeout is %.0f requests under way at once; want at most %d: lower one of the two", n, MaxInFlight)
	}
	if c.For < 0 {
		problem("length is %v; want 0 (until stopped) or more", c.For)
	}
	if c.MaxBody < 0 {
		problem("body limit is %d bytes; want 0 (default) or more", c.MaxBody)
	}
	if c.Requests == nil {
		problem("no source of requests")
	} else if err := loopback.Allowing(c.AllowHosts...).Check(c.Requests(0).URL); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}
