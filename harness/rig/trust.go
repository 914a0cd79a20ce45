package rig

import (
	"crypto/x509"
	"fmt"

	"github.com/fournines/fournines/stack"
)

// authority is a stack whose edge shows certificates of an authority of its
// own.
type authority interface {
	// Authority is the certificate of the authority, as PEM; nil for a stack
	// without TLS.
	Authority() []byte
}

// trustOf holds the authority that signs st's certificates and no other; nil
// for a stack that has none.
func trustOf(st stack.Stack) (*x509.CertPool, error) {
	own, ok := st.(authority)
	if !ok || own.Authority() == nil {
		return nil, nil
	}
	trust := x509.NewCertPool()
	if !trust.AppendCertsFromPEM(own.Authority()) {
		return nil, fmt.Errorf("read the authority of the %s stack: want a certificate in PEM, saw none", st.Kind())
	}
	return trust, nil
}
