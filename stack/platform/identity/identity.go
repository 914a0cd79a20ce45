// Package identity is the certificate that a program shows to its clients: a
// file that can be replaced while the program runs.
package identity

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// lookEvery is how old the last look at the file may be when somebody wants
// the certificate.
const lookEvery = 100 * time.Millisecond

// File is a certificate in a file. All methods may be called concurrently.
type File struct {
	path string

	mu      sync.Mutex
	report  func(error)
	looked  time.Time
	content []byte
	pair    *tls.Certificate
}

// Open reads a file of certificates and one private key in PEM, the server's
// certificate first. A file that cannot be used is an error now; later the
// last one that could stays in use.
func Open(path string) (*File, error) {
	f := &File{path: path, report: func(error) {}, looked: time.Now()}
	content, pair, err := f.read()
	if err != nil {
		return nil, err
	}
	f.content, f.pair = content, pair
	return f, nil
}

// Report has every change told: nil when another certificate was taken, an
// error when what is there now cannot be used. Nothing is told twice in a row.
// report must not call f. Without a file nothing changes.
func (f *File) Report(report func(error)) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.report = report
}

func (f *File) read() ([]byte, *tls.Certificate, error) {
	content, err := os.ReadFile(f.path)
	if err != nil {
		return nil, nil, fmt.Errorf("read certificate: %w", err)
	}
	pair, err := tls.X509KeyPair(content, content)
	if err != nil {
		return content, nil, fmt.Errorf("read certificate %q: %w", f.path, err)
	}
	return content, &pair, nil
}

// Current is the certificate that is in the file, or was when it last could be
// used.
func (f *File) Current() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		f.look()
	}
	return f.pair
}

// look takes what is in the file now if it is another one.
func (f *File) look() {
	content, pair, err := f.read()
	switch {
	case errors.Is(err, os.ErrNotExist): // between two, when one takes the place of the other
	case bytes.Equal(content, f.content):
	case err != nil:
		f.content = content
		f.report(err)
	default:
		f.content, f.pair = content, pair
		f.report(nil)
	}
}

// Expires is when the current certificate ends.
func (f *File) Expires() time.Time { return f.Current().Leaf.NotAfter }

// Config is what a server needs to show the current certificate: every
// handshake asks anew, and no connection is touched by a change.
func (f *File) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.Current(), nil },
	}
}
