package fault_test

import (
	"crypto/rand"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// TestFaultsOfDataAgainstContainers breaks a database, what it holds and what
// it is restored from; the two are all that runs.
func TestFaultsOfDataAgainstContainers(t *testing.T) {
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: "data-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: []string{"db"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for i, c := range []liveCase{
		{"backup-outage", fault.Values{"how": "hang"}, []string{"backup"}},
		{"backup-outage", nil, []string{"backup"}},
		{"backup-slow", fault.Values{"rate": "1Mbit"}, []string{"backup"}},
		{"backup-corrupt", nil, []string{"backup"}},
		{"wal-gap", nil, []string{"backup"}},
		{"data-corrupt", nil, []string{"db"}},
		{"data-loss", nil, []string{"db"}},
	} {
		t.Run(c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, nil)
		})
	}
}
