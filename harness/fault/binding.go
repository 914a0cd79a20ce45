package fault

import (
	"crypto/x509"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness"
)

// Binding is what a fault is made of.
type Binding struct {
	// Values are the action's parameters: as written for New, complete with
	// defaults and checked for the kinds.
	Values Values
	// Targets are hit; at least one unless the action is targetless.
	Targets []Target
	// Replicas are all of the stack's, for faults between targets and others.
	Replicas []Target
	// Edge returns the base URL to which clients send their requests; false
	// when there is none. It may be nil.
	Edge func() (string, bool)
	// Trust holds the authorities of the certificates that the stack's servers
	// show; nil for those that the machine trusts.
	Trust *x509.CertPool
	// Lasts is how long the fault is to be in effect.
	Lasts time.Duration
	// Load makes a stream of the scenario's requests at a rate of its own, over
	// connections that are kept or a fresh one for each; its events are not
	// counted with the scenario's. Nil when there is none.
	Load func(rate float64, fresh bool) (harness.Load, error)
	// Rate is the scenario's, in requests per second.
	Rate float64
	// Seed is where everything random of this fault comes from.
	Seed uint64
}

// Values are parameters by name. Asking a checked value for a form that it
// does not have returns zero.
type Values map[string]string

// Duration is a time with its unit: "250ms".
func (v Values) Duration(name string) time.Duration { return length(v[name]) }

// Count is a whole number.
func (v Values) Count(name string) int {
	n, _ := strconv.Atoi(v[name])
	return n
}

// Factor is any number.
func (v Values) Factor(name string) float64 {
	f, _ := strconv.ParseFloat(v[name], 64)
	return f
}

// Fraction is a percentage as a number from 0 to 1.
func (v Values) Fraction(name string) float64 {
	f, _ := parsePercent(v[name])
	return f / 100
}

// BitRate is in bits per second.
func (v Values) BitRate(name string) int64 {
	n, _ := parseUnits(v[name], bitRates)
	return n
}

// Size is in bytes.
func (v Values) Size(name string) int64 {
	n, _ := parseUnits(v[name], sizes)
	return n
}
