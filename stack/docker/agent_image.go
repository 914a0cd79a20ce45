package docker

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/fournines/fournines/fixtures"
)

const (
	agentRepository = "fournines-agent"
	// agentRecipe is the Dockerfile of the agent image.
	agentRecipe = "docker/agent.Dockerfile"
	// agentProgram is where the executable is in it.
	agentProgram = "/usr/local/bin/fournines"
	// keepAgent is how long an agent image stays after it was superseded:
	// longer than any run that may still start agents from it.
	keepAgent = 24 * time.Hour
)

// holdAgentImage makes sure that there is an image with the executable alone.
// It stays until the lock is
// released, and for keepAgent at least.
func (e *engine) holdAgentImage(ctx context.Context, report reporter, cache string, program []byte) (ref string, held *fileLock, err error) {
	recipe, err := fs.ReadFile(fixtures.Files, agentRecipe)
	if err != nil {
		return "", nil, fmt.Errorf("read recipe: %w", err)
	}
	tag := contentHash(recipe, program)
	ref = agentRepository + ":" + tag
	err = report.step("agent image", func(t *task) error {
		held, err = e.holdImage(ctx, cache, agentRepository, tag, keepAgent, t.detail, func(ctx context.Context) error {
			return e.buildImage(ctx, ref, nil, []contextFile{
				{name: "Dockerfile", mode: 0o644, data: recipe},
				{name: "fournines", mode: 0o755, data: program},
			}, t.detail)
		})
		t.result(ref)
		return err
	})
	return ref, held, err
}

// hold gets the image that agents are made from, if that was not done before.
// Agents come and go for as long as a stack lives, and nobody who needs another
// image may have to wait for that: the image is not locked but young, and
// images that young are not removed.
func (s *sidecars) hold(ctx context.Context, report reporter, cache string, program func(context.Context) ([]byte, error)) (ref string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ref != "" {
		return s.ref, nil
	}
	raw, err := program(ctx)
	if err != nil {
		return "", err
	}
	ref, held, err := s.engine.holdAgentImage(ctx, report, cache, raw)
	if err != nil {
		return "", err
	}
	s.ref = ref
	return ref, held.release()
}

// attachedSidecars make the image of the agents when the first one is needed.
func attachedSidecars(e *engine) *sidecars {
	s := &sidecars{engine: e}
	s.image = func(ctx context.Context) (string, error) {
		cache, err := cacheDir()
		if err != nil {
			return "", err
		}
		quiet := reporter{}
		return s.hold(ctx, quiet, cache, func(ctx context.Context) ([]byte, error) { return e.program(ctx, quiet, cache) })
	}
	return s
}
