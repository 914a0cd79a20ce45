package rig

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/probe"
	"github.com/fournines/fournines/stack"
)

// steadyProbes is what must hold before anything is injected: the edge
// answers, and every replica of the stack is ready.
func steadyProbes(st stack.Stack) ([]harness.Probe, error) {
	edge, ok := st.URL(stack.Edge)
	if !ok {
		return nil, fmt.Errorf("bind probes: the %s stack has no endpoint %q", st.Kind(), stack.Edge)
	}
	return []harness.Probe{
		probe.HTTP("edge", edge+"/healthz", http.StatusOK),
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
	var sick []string
	for _, c := range a.st.Components() {
		for _, r := range c.Replicas {
			if err := r.Ready(ctx); err != nil {
				sick = append(sick, fmt.Sprintf("%s (%v)", r.Name(), err))
			}
		}
	}
	if len(sick) > 0 {
		return fmt.Errorf("expected every replica ready, saw not ready: %s", strings.Join(sick, "; "))
	}
	return nil
}
