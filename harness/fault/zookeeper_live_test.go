package fault_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// The faults of the registry against ZooKeeper: those of any registry work, and
// those of etcd's API say that they do not.
func TestFaultsOfTheRegistryAgainstZooKeeper(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{
		RunID: "zookeeper-" + rand.Text()[:10], NoController: true,
		Choices: stack.Choices{Registry: stack.ZooKeeper, Components: []string{"catalog"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for _, c := range []liveCase{
		{"leader-kill", nil, nil},
		{"quorum-loss", nil, []string{"zookeeper-1", "zookeeper-3"}},
		{"quorum-loss", fault.Values{"by": "kill"}, []string{"zookeeper-1", "zookeeper-2"}},
		{"registry-partition", nil, []string{"zookeeper-3"}},
		{"partition", fault.Values{"peers": "zookeeper"}, []string{"catalog-2"}},
		{"watch-lost", fault.Values{"peers": "zookeeper"}, []string{"catalog-1"}},
	} {
		for _, name := range leaders(t, st) {
			if c.action == "leader-kill" && strings.HasPrefix(name, stack.ZooKeeper) {
				c.targets = append(c.targets, name)
			}
		}
		t.Run(c.action, func(t *testing.T) { breakAndMend(t, st, c, nil) })
	}
	r, _ := stack.Find(st, "catalog-1")
	for _, action := range []string{"lease-expiry", "stale-registration"} {
		f, err := fault.New(action, fault.Binding{Targets: []fault.Target{r}})
		if err == nil {
			_, err = f.Prepare(t.Context())
		}
		if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "the registry is ZooKeeper") {
			t.Errorf("%s: error = %v, want it unsupported with the reason", action, err)
		}
	}
}
