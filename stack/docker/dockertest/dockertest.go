// Package dockertest decides whether a test may do without a container engine.
package dockertest

import (
	"context"
	"os"
	"testing"

	"github.com/fournines/fournines/stack/docker"
)

// Require skips the test, and says why, when it is run with -short or when no
// container engine answers. Where an engine is promised (CI=true or
// FOURNINES_REQUIRE_DOCKER=1), one that does not answer is a failure. A test
// that goes on is Alone.
func Require(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts containers; run without -short")
	}
	require(t, os.Getenv, docker.Available)
	Alone(t)
}

func require(t testing.TB, getenv func(string) string, available func(context.Context) error) {
	t.Helper()
	err := available(t.Context())
	switch {
	case err == nil:
	case getenv("CI") == "true" || getenv("FOURNINES_REQUIRE_DOCKER") == "1":
		t.Fatalf("a container engine is required here: %v", err)
	default:
		t.Skipf("NO CONTAINER ENGINE, nothing was tested: %v", err)
	}
}
