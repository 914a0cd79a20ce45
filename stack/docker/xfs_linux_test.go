package docker

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// filesOfLoops are the files that loop devices show.
func filesOfLoops(t *testing.T) (files []string) {
	t.Helper()
	found, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if raw, err := os.ReadFile(f); err == nil {
			files = append(files, strings.TrimSpace(string(raw)))
		}
	}
	return files
}

func TestDevicesOfARunAreTakenBackAndNoOthers(t *testing.T) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no loop devices for this user: %v", err)
	}
	defer control.Close()
	mine, other := t.TempDir(), t.TempDir()
	var paths []string
	for _, dir := range []string{mine, other} {
		file, err := os.Create(filepath.Join(dir, "volume.xfs"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := file.Truncate(1 << 20); err != nil {
			t.Fatal(err)
		}
		if _, err := attachLoop(int(control.Fd()), file); err != nil {
			t.Skipf("no loop device can be had: %v", err)
		}
		t.Cleanup(func() {
			if err := dropDevices(dir); err != nil {
				t.Error(err)
			}
		})
		paths = append(paths, file.Name())
	}
	for range 2 { // it can be done again
		if err := dropDevices(mine); err != nil {
			t.Fatal(err)
		}
		now := filesOfLoops(t)
		if slices.Contains(now, paths[0]) || !slices.Contains(now, paths[1]) {
			t.Errorf("devices show %q; want %q gone and %q left", now, paths[0], paths[1])
		}
	}
}
