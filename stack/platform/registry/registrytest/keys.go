package registrytest

import (
	"context"
	"strings"
	"testing"
)

// Keys is a registry that keeps documents beside instances.
type Keys interface {
	Put(ctx context.Context, key string, value []byte) error
	WatchKey(ctx context.Context, key string, emit func(value []byte, revision string, err error)) error
}

// RunKeys checks that a key is followed from before it exists, through changes
// and through an outage, which begins with the call of outage and ends with
// that of what it returns.
func RunKeys(t *testing.T, keys Keys, key string, outage func(t *testing.T) func()) {
	type update struct {
		value, revision string
		err             error
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	updates, ended := make(chan update, 16), make(chan error, 1)
	go func() {
		ended <- keys.WatchKey(ctx, key, func(value []byte, revision string, err error) {
			updates <- update{string(value), revision, err}
		})
	}()
	if u := <-updates; u.err == nil || !strings.Contains(u.err.Error(), "does not exist") {
		t.Errorf("before it exists: %+v", u)
	}
	seen := map[string]bool{}
	for _, text := range []string{"one", "two"} {
		if err := keys.Put(ctx, key, []byte(text)); err != nil {
			t.Fatal(err)
		}
		u := <-updates
		if u.value != text || u.err != nil || seen[u.revision] {
			t.Errorf("after %q was written: %+v", text, u)
		}
		seen[u.revision] = true
	}
	end := outage(t)
	if u := <-updates; u.err == nil {
		t.Errorf("during an outage: %+v", u)
	}
	end()
	if u := <-updates; u.value != "two" || !seen[u.revision] || u.err != nil {
		t.Errorf("after the outage: %+v", u)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("WatchKey: %v", err)
	}
}
