package certificate

import (
	"fmt"
	"time"
)

// Files of a server, in a folder of its own.
const (
	// AuthorityFile is the authority's certificate: what a client trusts.
	AuthorityFile = "ca.pem"
	// ServedFile is the certificate that the server shows: a link to one of the
	// files of Variants.
	ServedFile = "server.pem"
)

// Variants of a server's certificate, which are the names of files too.
const (
	// First is what a server starts with, Next what it is rotated to: as good,
	// with another key.
	First = "first.pem"
	Next  = "next.pem"
	// Expired has been valid until an hour before the run.
	Expired = "expired.pem"
	// WrongHost is valid, and for another host.
	WrongHost = "wrong-host.pem"
)

// Variants are all of them.
func Variants() []string { return []string{First, Next, Expired, WrongHost} }

// elsewhere is a host that nobody has (RFC 2606).
const elsewhere = "elsewhere.invalid"

// Files makes every variant of the certificate of a server that is reached
// under the hosts, by name, and the authority's own.
func (a *Authority) Files(hosts []string) (map[string][]byte, error) {
	files := map[string][]byte{AuthorityFile: a.PEM()}
	for _, variant := range Variants() {
		names, from, to := hosts, a.now.Add(-early), a.now.Add(Lifetime)
		switch variant {
		case Expired:
			from, to = a.now.Add(-Lifetime), a.now.Add(-time.Hour)
		case WrongHost:
			names = []string{elsewhere}
		}
		pem, err := a.Issue(names, from, to)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", variant, err)
		}
		files[variant] = pem
	}
	return files, nil
}
