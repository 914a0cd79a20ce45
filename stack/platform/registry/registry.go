// Package registry is where the platform's services announce themselves and
// where gateways find them. Etcd and ZooKeeper are the real ones; Memory is the
// same contract inside one process. Package registrytest holds the contract as a
// test.
package registry

import (
	"context"
	"time"
)

// Registry is both sides of discovery. All methods may be called concurrently.
type Registry interface {
	// Register announces in under a lease of length ttl and keeps the lease
	// alive until ctx is done; then it takes the announcement back at once and
	// returns nil, or an error when that could not be done (the lease then
	// ends by itself within ttl). While ctx lasts it never gives up: when the
	// lease is lost, it registers again as soon as the registry lets it.
	//
	// report is called from Register's goroutine with nil when the
	// announcement has been made (again), and with an error when it could not
	// be made or kept; the same state is not reported twice in a row.
	//
	// An Instance of the same service and name replaces the earlier one, whose
	// lease then has no effect any more.
	Register(ctx context.Context, in Instance, ttl time.Duration, report func(error)) error

	// Watch calls emit with the service's instances as soon as they are known
	// and after every change, until ctx is done, and then returns nil. emit is
	// called from Watch's goroutine. While the registry cannot be reached,
	// Watch keeps trying; it emits the error once and then nothing until the
	// instances are known again. Changes that cancel each other out may be
	// left out.
	Watch(ctx context.Context, service string, emit func(Update)) error
}

// Instance is one replica of a service.
type Instance struct {
	// Name is the replica's name, unique within the service: "catalog-2".
	Name    string `json:"name"`
	Service string `json:"service"`
	// Node is the failure domain that the replica is placed on.
	Node string `json:"node"`
	// Address is host:port of the service's API.
	Address string `json:"address"`
}

// Update is what a watch says.
type Update struct {
	// Instances are all instances of the service, sorted by name; nil when Err
	// is set.
	Instances []Instance
	// Err says why the registry cannot be reached. What was known before is
	// the best there is.
	Err error
}
