package rig

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/probe"
	"github.com/fournines/fournines/stack"
)

// steadyProbes is what must hold before anything is injected: the edge, or the
// plan's URL, answers, and every replica of the stack is ready.
func steadyProbes(plan harness.Plan, st stack.Stack, allowHosts []string) ([]harness.Probe, error) {
	if l := plan.Scenario.Load; l.URL != "" {
		return []harness.Probe{
			probe.HTTP("GET "+l.URL, l.URL, l.Expect, probe.AllowHosts(allowHosts...), probe.Timeout(l.Timeout)),
			allReady{st},
		}, nil
	}
	edge, ok := st.URL(stack.Edge)
	if !ok {
		return nil, fmt.Errorf("bind probes: the %s stack has no endpoint %q", st.Kind(), stack.Edge)
	}
	trust, err := trustOf(st)
	if err != nil {
		return nil, err
	}
	return []harness.Probe{
		probe.HTTP("edge", edge+"/healthz", http.StatusOK, probe.Trusting(trust)),
		allReady{st},
	}, nil
}

// readyTimeout bounds one replica's readiness check.
const readyTimeout = time.Second

// allReady holds when every replica of the stack is ready.
type allReady struct{ st stack.Stack }

func (allReady) String() string { return "all replicas ready" }

func (a allReady) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	all := replicas(a.st)
	answers := make([]error, len(all))
	var wg sync.WaitGroup
	for i, r := range all {
		wg.Go(func() { answers[i] = r.Ready(ctx) })
	}
	wg.Wait()
	var sick []string
	for i, err := range answers {
		if err != nil {
			sick = append(sick, fmt.Sprintf("%s (%v)", all[i].Name, err))
		}
	}
	if len(sick) > 0 {
		return fmt.Errorf("expected every replica ready, saw not ready: %s", strings.Join(sick, "; "))
	}
	return nil
}
