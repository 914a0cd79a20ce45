// Package certificate makes the certificates of one run: an authority that
// nobody else trusts, and for every server the one that it shows to its
// clients, and those that a fault lets it show in its place.
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"time"
)

const (
	// Lifetime is how long the certificates of a run are valid: longer than
	// anybody explores a stack, and far shorter than it takes to misuse one.
	Lifetime = 7 * 24 * time.Hour
	// early is how long before its making a certificate begins to be valid, so
	// that a clock that is a little behind does not refuse it.
	early = time.Hour
)

// Authority signs the certificates of one run. Its private key is nowhere but
// in the memory of the process that made it. It may be used concurrently.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	now         time.Time
}

// NewAuthority makes the authority of a run, whose certificates are valid from
// now on.
func NewAuthority(run string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the authority's key: %w", err)
	}
	template, err := draft("fournines run "+run, now.Add(-early), now.Add(Lifetime))
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid, template.MaxPathLenZero = true, true, true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign the authority's certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the authority's certificate: %w", err)
	}
	return &Authority{certificate, key, now}, nil
}

// PEM is the authority's certificate, without its key.
func (a *Authority) PEM() []byte { return encode("CERTIFICATE", a.certificate.Raw) }

// Issue makes a certificate for a server that is reached under the hosts, which
// are names and addresses, and returns it with its private key behind it.
func (a *Authority) Issue(hosts []string, from, to time.Time) ([]byte, error) {
	if len(hosts) == 0 {
		return nil, errors.New("issue a certificate: want at least one name or address that it is for")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the key of %q: %w", hosts[0], err)
	}
	template, err := draft(hosts[0], from, to)
	if err != nil {
		return nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, host := range hosts {
		if address, err := netip.ParseAddr(host); err == nil {
			template.IPAddresses = append(template.IPAddresses, address.AsSlice())
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate of %q: %w", hosts[0], err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write the key of %q: %w", hosts[0], err)
	}
	return append(encode("CERTIFICATE", der), encode("PRIVATE KEY", secret)...), nil
}

// draft is what all certificates have in common.
func draft(name string, from, to time.Time) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("choose a serial number: %w", err)
	}
	return &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: to,
	}, nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
