package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fournines/fournines/stack"
)

// Pages of the program beside each member of a ZooKeeper ensemble.
const (
	zookeeperStatus = "/status"
	zookeeperAgree  = "/agree"
)

// zookeeperState is what a member says of itself.
type zookeeperState struct {
	// Mode is "leader" or "follower"; empty while it takes part in no ensemble.
	Mode    string `json:"mode"`
	Version string `json:"version"`
}

func parseZooKeeper(body []byte) (s zookeeperState, err error) {
	return s, json.Unmarshal(body, &s)
}

// role asks a member of a registry which role it plays; empty for none.
func (r *replica) role(ctx context.Context) (string, error) {
	if r.Component() == stack.ZooKeeper {
		ctx, cancel := context.WithTimeout(ctx, etcdPatience)
		defer cancel()
		body, err := expectOK(ctx, r.admin+zookeeperStatus)
		if err != nil {
			return "", err
		}
		s, err := parseZooKeeper(body)
		return s.Mode, err
	}
	var status etcdStatus
	if err := post(ctx, r.admin+"/v3/maintenance/status", struct{}{}, &status); err != nil {
		return "", err
	}
	switch status.Leader {
	case "", "0":
		return "", nil
	case status.Header.Member:
		return "leader", nil
	}
	return "follower", nil
}

// decides reports whether the replica is a member of something that decides by
// majority.
func (r *replica) decides() bool {
	return r.published == nil && (r.Component() == stack.Etcd || r.Component() == stack.ZooKeeper)
}

// adminOf is the base URL of a replica's admin port; empty when there is no
// such replica.
func (s *Stack) adminOf(name string) string {
	for _, m := range s.members {
		if m.Name() == name {
			return m.admin
		}
	}
	return ""
}

// zookeepersAgree makes the members agree on a write that changes nothing,
// through each of them at the same time; it returns nil when one did.
func (s *Stack) zookeepersAgree(ctx context.Context) error {
	var members []string
	for _, m := range s.members {
		if m.Component() == stack.ZooKeeper {
			members = append(members, m.admin)
		}
	}
	return etcd{members: members}.anyAtOnce(ctx, zookeeperAgree, struct{}{})
}

// errZooKeeper says why a fault of etcd's leases is none of ZooKeeper's.
var errZooKeeper = fmt.Errorf("the registry is ZooKeeper, and this is done through the API of etcd: there a lease can be ended, and a key announced, by anybody; "+
	"a ZooKeeper session ends by its own client or by silence: %w", errors.ErrUnsupported)
