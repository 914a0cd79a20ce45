package docker

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// runProgram runs a program without input and passes its output on by line.
// The error ends with the last lines. ownMounts hides the program's mounts from
// everybody else.
func runProgram(ctx context.Context, say func(string), ownMounts bool, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	isolate(cmd, ownMounts)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	var last tail
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				last.add(line)
				say(line)
			}
		}
		_, _ = io.Copy(io.Discard, r) // a line too long for the scanner
	}()
	err := cmd.Run()
	w.Close()
	<-read
	if err != nil {
		return fmt.Errorf("run %s %s: %w; its last lines were:\n%s", name, strings.Join(args, " "), err, &last)
	}
	return nil
}
