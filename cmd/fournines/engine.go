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

// engineAnswers returns nil when a container engine answers.
func engineAnswers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	return docker.Available(ctx)
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
