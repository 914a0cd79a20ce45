package dockertest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// Alone waits until no other test process on this machine measures or starts
// containers, and keeps others waiting until this process ends. `go test`
// runs several packages at once; two stacks under load on two cores would
// measure each other.
func Alone(t testing.TB) {
	t.Helper()
	if _, err := alone(); err != nil {
		t.Fatalf("wait for other tests that need the machine: %v", err)
	}
}

// alone holds the lock until the process ends: the file is never closed.
var alone = sync.OnceValues(func() (*os.File, error) {
	return lockFile(filepath.Join(os.TempDir(), fmt.Sprintf("fournines-tests-%d.lock", os.Getuid())))
})

func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %q: %w", path, err)
	}
	return file, nil
}
