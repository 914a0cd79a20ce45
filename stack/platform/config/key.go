package config

import (
	"context"
	"fmt"
)

// key is a key of the registry.
type key struct {
	keys Keys
	name string
}

func (k key) String() string { return fmt.Sprintf("key %q", k.name) }

// Watch implements Source.
func (k key) Watch(ctx context.Context, emit func(Update)) error {
	return k.keys.WatchKey(ctx, k.name, func(value []byte, revision string, err error) {
		emit(Update{Document: value, Version: revision, Err: err})
	})
}
