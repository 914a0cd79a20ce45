package certificate

import (
	"crypto/x509"
	"errors"
)

// Roots is a pool with the authorities of a PEM document and no other: neither
// the machine's nor anybody else's.
func Roots(pem []byte) (*x509.CertPool, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("read authorities: want a certificate in PEM, saw none")
	}
	return roots, nil
}
