package config

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"
)

const (
	// lookEvery is how often files are looked at. A mount that is replaced
	// whole, as a ConfigMap's is, sends no notification that could be relied
	// on, and reading a small file costs next to nothing.
	lookEvery = 250 * time.Millisecond
	// largest is the largest document in bytes.
	largest = 1 << 20
)

// hash is a document's version where the source has none.
func hash(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:6])
}

// polled is a source that is read again and again.
type polled struct {
	name string
	read func() ([]byte, error)
}

func newFile(path string) Source {
	return polled{fmt.Sprintf("file %q", path), func() ([]byte, error) { return readFile(path) }}
}

func (p polled) String() string { return p.name }

// Watch implements Source.
func (p polled) Watch(ctx context.Context, emit func(Update)) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	said, away := "", false
	for {
		document, err := p.read()
		switch version := hash(document); {
		case err != nil && !away:
			away = true
			emit(Update{Err: err})
		case err == nil && (away || version != said):
			said, away = version, false
			emit(Update{Document: document, Version: version})
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// readFile reads a file of bounded size.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer f.Close()
	document, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if len(document) > largest {
		return nil, fmt.Errorf("read configuration %q: want at most %d bytes", path, largest)
	}
	return document, nil
}
