package probe

import (
	"crypto/x509"
	"time"

	"github.com/fournines/fournines/harness/loopback"
)

// DefaultTimeout bounds one check when no Timeout is given.
const DefaultTimeout = time.Second

// idleConnections is how many connections a Pooled probe keeps.
const idleConnections = 2

// Option changes how a probe asks.
type Option func(*settings)

type settings struct {
	timeout  time.Duration
	contains string
	conns    int
	hosts    []string
	trust    *x509.CertPool
	guard    loopback.Guard
}

func collect(opts []Option) settings {
	s := settings{timeout: DefaultTimeout}
	for _, o := range opts {
		o(&s)
	}
	s.guard = loopback.Allowing(s.hosts...).Trusting(s.trust)
	return s
}

// Timeout bounds one check; > 0.
func Timeout(d time.Duration) Option { return func(s *settings) { s.timeout = d } }

// Contains asks that the body of an HTTP answer holds text.
func Contains(text string) Option { return func(s *settings) { s.contains = text } }

// Pooled keeps an HTTP probe's connections between checks for up to 15 s of
// idleness. Without it every check opens a connection of its own, which finds a server that
// accepts nobody new but still serves those it knows.
func Pooled() Option { return func(s *settings) { s.conns = idleConnections } }

// AllowHosts lets the probe ask hosts that are not loopback addresses.
func AllowHosts(hosts ...string) Option {
	return func(s *settings) { s.hosts = hosts }
}

// Trusting has the probe trust these authorities of certificates and no
// others; nil is for those that the machine trusts.
func Trusting(authorities *x509.CertPool) Option {
	return func(s *settings) { s.trust = authorities }
}
