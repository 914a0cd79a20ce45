package stacktest

import (
	"crypto/tls"
	"crypto/x509"
	"testing"

	"github.com/fournines/fournines/stack"
)

// trusting is what a client of the edge needs for TLS: it trusts the authority
// that the stack names and no other.
func trusting(t *testing.T, st stack.Stack) *tls.Config {
	t.Helper()
	own, ok := st.(interface{ Authority() []byte })
	if !ok || own.Authority() == nil {
		return nil
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(own.Authority()) {
		t.Fatal("the stack's authority is no certificate in PEM")
	}
	return &tls.Config{RootCAs: roots}
}
