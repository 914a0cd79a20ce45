package docker

import (
	"fmt"
	"os"
	"path/filepath"
)

// noteKept is in the lock file of a stack that is up and meant to outlive its
// process.
const noteKept = "kept"

// cacheDir is where fournines keeps its locks and the executables that it
// builds.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache directory: %w; set XDG_CACHE_HOME or HOME", err)
	}
	return filepath.Join(dir, "fournines"), nil
}

// runLock is the path of a run's lock.
func runLock(cache, runID string) string { return filepath.Join(cache, "runs", runID+".lock") }

// imageLock guards the images of one repository: shared while a stack is being
// started from one of them, exclusive while one is made or old ones are
// removed.
func imageLock(cache, repository string) string {
	return filepath.Join(cache, repository+".lock")
}
