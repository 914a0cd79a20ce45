package dockertest

import (
	"os"
	"testing"
)

// Slow skips a test that takes long unless FOURNINES_SLOW=1: `task test:slow`
// runs them all, `go test ./...` one of each family.
func Slow(t testing.TB) {
	t.Helper()
	if os.Getenv("FOURNINES_SLOW") != "1" {
		t.Skip("slow; set FOURNINES_SLOW=1 to run it")
	}
}
