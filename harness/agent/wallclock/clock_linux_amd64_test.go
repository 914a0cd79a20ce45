package wallclock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestMain makes this binary a program that tells its clocks when it is asked.
func TestMain(m *testing.M) {
	if os.Getenv("FOURNINES_TEST_CLOCK") == "" {
		os.Exit(m.Run())
	}
	began := time.Now()
	go func() { // a thread that asks for the time without a pause
		for {
			_ = time.Now()
		}
	}()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		now := time.Now()
		var tv unix.Timeval
		_ = unix.Gettimeofday(&tv)
		fmt.Println(now.UnixNano(), now.Sub(began).Nanoseconds())
	}
}

// watch is a process whose clocks can be asked for.
type watch struct {
	pid int
	in  io.WriteCloser
	out *bufio.Reader
}

func newWatch(t *testing.T) watch {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
	cmd.Env = append(os.Environ(), "FOURNINES_TEST_CLOCK=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	w := watch{cmd.Process.Pid, in, bufio.NewReader(out)}
	w.read(t) // until then it may not be the new program yet: exec takes a moment
	return w
}

// read returns how far the process's wall clock is from ours, and how long by
// its monotonic clock it has lived.
func (w watch) read(t *testing.T) (off, lived time.Duration) {
	t.Helper()
	fmt.Fprintln(w.in)
	line, err := w.out.ReadString('\n')
	if err != nil {
		t.Fatalf("the process does not answer: %v", err)
	}
	var wall, mono int64
	if _, err := fmt.Sscan(line, &wall, &mono); err != nil {
		t.Fatal(err)
	}
	return time.Until(time.Unix(0, wall)), time.Duration(mono)
}

func TestAClockIsMovedAndPutBack(t *testing.T) {
	for _, by := range []time.Duration{2 * time.Hour, -90 * time.Second, 1500 * time.Millisecond * 3600, -400*time.Millisecond - time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			w := newWatch(t)
			off, _ := w.read(t)
			if off.Abs() > time.Minute {
				t.Fatalf("its clock is off by %v to begin with", off)
			}
			code, err := functions(by)
			if err != nil {
				t.Fatal(err)
			}
			first := &offset{code, process(w.pid)}
			before, err := first.Before(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if seen, err := first.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("before Apply: %+v, %v", seen, err)
			}
			if err := first.Apply(t.Context()); errors.Is(err, unix.EPERM) {
				t.Skipf("nothing was tested, processes cannot be traced here: %v", err)
			} else if err != nil {
				t.Fatal(err)
			}
			off, lived := w.read(t)
			if (off - by).Abs() > time.Minute {
				t.Errorf("its clock is off by %v, want %v", off, by)
			}
			if seen, err := first.Seen(t.Context()); err != nil || !seen.Active {
				t.Errorf("in effect: %+v, %v", seen, err)
			}
			if _, err := first.Before(t.Context()); err == nil || !strings.Contains(err.Error(), "already") {
				t.Errorf("a second time: %v", err)
			}
			second := &offset{code, process(w.pid)} // another agent
			for range 2 {
				if err := second.Undo(t.Context(), before); err != nil {
					t.Fatal(err)
				}
			}
			off, now := w.read(t)
			if off.Abs() > time.Minute {
				t.Errorf("its clock is still off by %v", off)
			}
			if now < lived || now > lived+time.Minute {
				t.Errorf("its monotonic clock went from %v to %v", lived, now)
			}
		})
	}
}

func TestUndoLeavesAloneWhatNobodyKnows(t *testing.T) {
	w := newWatch(t)
	code, err := functions(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	o := &offset{code, process(w.pid)}
	before, err := o.Before(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before[clockGettime] = strings.Repeat("00", len(code[clockGettime]))
	if err := o.Undo(t.Context(), before); err == nil || !strings.Contains(err.Error(), "neither") {
		t.Errorf("Undo = %v", err)
	}
	if err := (&offset{code, process(1 << 30)}).Undo(t.Context(), before); err != nil {
		t.Errorf("Undo of a process that is gone: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, value := range []string{"", "0", "2h"} {
		if _, err := New(map[string]string{"offset": value}); err == nil || !strings.Contains(err.Error(), "nanoseconds other than 0") {
			t.Errorf("New with offset %q: %v", value, err)
		}
	}
}
