package backup

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// endLimit is how long a program that was asked to end may take; then it is
// killed.
const endLimit = 3 * time.Second

// run runs a program until it ends or ctx is done, when it is asked to end
// with SIGTERM. Its lines go to the log; the error holds the last of them.
func (c Config) run(ctx context.Context, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = c.environment(env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = endLimit
	in, out := io.Pipe()
	cmd.Stdout, cmd.Stderr = out, out
	last := make(chan string)
	go func() {
		var tail string
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				tail = line
				c.Log.Debug(filepath.Base(name), "line", line)
			}
		}
		_, _ = io.Copy(io.Discard, in) // a line too long for the scanner
		last <- tail
	}()
	err := cmd.Run()
	out.Close()
	tail := <-last
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("run %s: %w; its last line was: %s", filepath.Base(name), err, tail)
	}
	return nil
}

// pause waits, and returns false when ctx is done first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
