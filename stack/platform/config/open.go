package config

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// Keys reads single keys of a registry; registry.Etcd is one.
type Keys interface {
	// WatchKey calls emit with the value of a key and the revision of its last
	// change, as Source.Watch does with a document. A key that does not exist
	// is an error.
	WatchKey(ctx context.Context, key string, emit func(value []byte, revision string, err error)) error
}

// Open makes the source that an address names:
//
//	etcd:/fournines/config/gateway           a key of the registry, which keys reads
//	file:/etc/shop/gateway.json              a file: a mount, a Git checkout
//	dir:/etc/shop/gateway                    a folder of files, as of a ConfigMap, merged
//	env:GATEWAY_CONFIG                       an environment variable
//	apollo:http://host:8080/app/cluster/namespace
//
// keys may be nil where no address begins with etcd:.
func Open(address string, keys Keys, getenv func(string) string) (Source, error) {
	kind, rest, ok := strings.Cut(address, ":")
	switch {
	case !ok || rest == "":
	case kind == "etcd" && keys != nil && strings.HasPrefix(rest, "/"):
		return key{keys, rest}, nil
	case kind == "file":
		return newFile(rest), nil
	case kind == "dir":
		return newFolder(rest), nil
	case kind == "env":
		return variable{rest, getenv}, nil
	case kind == "apollo":
		u, err := url.Parse(rest)
		if err != nil {
			return nil, fmt.Errorf("open configuration %q: %w", address, err)
		}
		return newApollo(u)
	}
	return nil, fmt.Errorf("open configuration %q: want etcd:/KEY, file:PATH, dir:PATH, env:NAME or apollo:http://HOST/APP/CLUSTER/NAMESPACE", address)
}
