package descriptors

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestAProcessIsLeftWithWhatItHasOpen(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("nothing was tested: %v", err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	// What it says back shows that it has loaded its libraries, and closed them.
	if _, err := in.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	limits := func() string {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	whole := limits()
	d := &descriptors{pid: cmd.Process.Pid}
	before, err := d.Before(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if seen, err := d.Seen(t.Context()); err != nil || seen.Active {
		t.Errorf("before Apply: %+v, %v", seen, err)
	}
	if err := d.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen, err := d.Seen(t.Context()); err != nil || !seen.Active || limits() == whole {
		t.Errorf("in effect: %+v, %v, %s", seen, err, limits())
	}
	again := &descriptors{pid: cmd.Process.Pid}
	if _, err := again.Before(t.Context()); err == nil || !strings.Contains(err.Error(), "may open more files") {
		t.Errorf("a second time: %v", err)
	}
	for range 2 {
		if err := again.Undo(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	if now := limits(); now != whole {
		t.Errorf("limits after Undo:\n%s\nwant\n%s", now, whole)
	}
	if err := (&descriptors{pid: 1 << 22}).Undo(t.Context(), before); err != nil {
		t.Errorf("Undo of a process that is gone: %v", err)
	}
}
