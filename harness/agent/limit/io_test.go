package limit

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The kernel's files show the limits of all devices; these are as they are
// before and after one was written.
func TestWhatAnIOLimitIsRestoredTo(t *testing.T) {
	for name, tt := range map[string]struct {
		files, want map[string]string
	}{
		"version 1, without a limit": {
			map[string]string{"blkio/blkio.throttle.write_bps_device": "", "blkio/blkio.throttle.read_bps_device": ""},
			map[string]string{"blkio.throttle.write_bps_device": "254:0 0", "blkio.throttle.read_bps_device": "254:0 0"},
		},
		"version 1, with a limit and one of another device": {
			map[string]string{"blkio/blkio.throttle.write_bps_device": "8:0 77\n254:0 1000000", "blkio/blkio.throttle.read_bps_device": "8:0 78"},
			map[string]string{"blkio.throttle.write_bps_device": "254:0 1000000", "blkio.throttle.read_bps_device": "254:0 0"},
		},
		"version 2, without a limit": {
			map[string]string{"unified/io.max": ""},
			map[string]string{"io.max": "254:0 rbps=max wbps=max riops=max wiops=max"},
		},
		"version 2, with a limit": {
			map[string]string{"unified/io.max": "254:0 rbps=max wbps=5000000 riops=max wiops=120"},
			map[string]string{"io.max": "254:0 rbps=max wbps=5000000 riops=max wiops=120"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := newIO(group(t, tt.files), "/data", 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			e.find = func(string) (string, error) { return "254:0", nil }
			before, err := e.Before(t.Context())
			if diff := cmp.Diff(tt.want, before); diff != "" || err != nil {
				t.Errorf("Before: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestAnIOLimitThatDoesNotComeBackIsAnError(t *testing.T) {
	root := group(t, map[string]string{"blkio/blkio.throttle.write_bps_device": "254:0 1048576"})
	e, err := newIO(root, "/data", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{"blkio.throttle.write_bps_device": "254:0 5"}
	if err := e.Undo(t.Context(), before); err != nil {
		t.Errorf("Undo: %v", err)
	}
	if now := content(t, root, map[string]string{"blkio/blkio.throttle.write_bps_device": ""}); now["blkio/blkio.throttle.write_bps_device"] != "254:0 5" {
		t.Errorf("after Undo: %v", now)
	}
	deaf := filepath.Join(root, "blkio", "blkio.throttle.write_bps_device") // takes what is written and forgets it
	if err := errors.Join(os.Remove(deaf), os.Symlink("/dev/null", deaf)); err != nil {
		t.Fatal(err)
	}
	if err := e.Undo(t.Context(), before); err == nil || !strings.Contains(err.Error(), `back at "5" for device 254:0, saw "0"`) {
		t.Errorf("Undo of a limit that does not come back = %v", err)
	}
	gone := &io{group: e.group}
	if err := gone.Undo(t.Context(), map[string]string{"blkio.throttle.read_bps_device": "254:0 5"}); err != nil {
		t.Errorf("Undo where there is no such file any more: %v", err)
	}
}

func TestIORefusesRatesItCannotProve(t *testing.T) {
	for _, rate := range []string{"", "x", "1000", "1000000000"} {
		if _, err := IO(map[string]string{"rate": rate, "path": "/data"}); err == nil || !strings.Contains(err.Error(), "rate") {
			t.Errorf("IO at %q = %v, want it refused", rate, err)
		}
	}
	if e := (&io{rate: stalled}); e.bytes() != block {
		t.Errorf("a stalled disk is tried with %d bytes, want one block", e.bytes())
	}
	if e := (&io{rate: 1 << 20}); e.bytes() != 1<<19 {
		t.Errorf("1 MiB/s is tried with %d bytes, want half of it", e.bytes())
	}
}
