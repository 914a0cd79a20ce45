package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/docker"
)

// engineTimeout bounds a question to the container engine.
const engineTimeout = 30 * time.Second

// startEngine is what to do where no engine answers.
const startEngine = "Start it (`systemctl start docker`, or Docker Desktop); `fournines doctor` checks this machine."

// engineAnswers returns nil when a container engine answers. The error says in
// a second line what to do.
func engineAnswers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	if err := docker.Available(ctx); err != nil {
		return fmt.Errorf("%w\n%s", err, startEngine)
	}
	return nil
}

// sweep removes what dead runs left in the engine and says what that was.
func sweep(ctx context.Context, d display) error {
	swept, err := docker.Sweep(ctx, d.step)
	if err != nil {
		return fmt.Errorf("remove what dead runs left: %w", err)
	}
	for line := range strings.Lines(swept.String()) {
		d.say("%s", strings.TrimSpace(line))
	}
	return nil
}
