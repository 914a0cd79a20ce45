package registry

import (
	"fmt"
	"net"
	"strings"
)

// The schemes of a registry's URL.
const (
	etcdScheme      = "etcd://"
	zookeeperScheme = "zookeeper://"
)

// Remote is a registry on the other side of a network.
type Remote interface {
	Registry
	// Close ends the connections to the members. Leases that are still held
	// end by themselves.
	Close() error
}

// Open connects to the registry at url: "etcd://host:port,host:port,…" or
// "zookeeper://host:port,host:port,…", as OpenEtcd and OpenZooKeeper do.
func Open(url string) (Remote, error) {
	switch {
	case strings.HasPrefix(url, etcdScheme):
		e, err := OpenEtcd(url)
		if err != nil {
			return nil, err
		}
		return e, nil
	case strings.HasPrefix(url, zookeeperScheme):
		z, err := OpenZooKeeper(url)
		if err != nil {
			return nil, err
		}
		return z, nil
	}
	return nil, fmt.Errorf("open registry %q: want %shost:port,host:port,… or %shost:port,host:port,…", url, etcdScheme, zookeeperScheme)
}

// membersOf are the members that a registry's URL names after its scheme.
func membersOf(url, hosts string) ([]string, error) {
	members := strings.Split(hosts, ",")
	for _, member := range members {
		if host, port, err := net.SplitHostPort(member); err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("open registry %q: member %q is not host:port", url, member)
		}
	}
	return members, nil
}
