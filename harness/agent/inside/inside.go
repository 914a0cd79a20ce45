// Package inside runs a second process of an agent within the control group of
// its target, so that what the process uses counts as the target's, while the
// agent itself stays outside and in time.
package inside

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Flag is the command line flag after which the process finds its Job.
const Flag = "--inside"

// Job is what the process does.
type Job struct {
	// Do is "cpu", "memory", "fork" or "write".
	Do string `json:"do"`
	// Join are the controllers whose groups it enters.
	Join []string `json:"join"`
	// Workers are threads that are busy for Load of the time, from 0 to 1.
	Workers int     `json:"workers,omitempty"`
	Load    float64 `json:"load,omitempty"`
	// Bytes is how much memory it holds, or how much it writes.
	Bytes int64 `json:"bytes,omitempty"`
	// Path is the folder that it writes in.
	Path string `json:"path,omitempty"`
}

// Word is what the process says once it does its job, or has done it.
type Word struct {
	Error string `json:"error,omitempty"`
	// Refused is true when the kernel refused to make a process.
	Refused bool `json:"refused,omitempty"`
	// Took is how long writing took.
	Took time.Duration `json:"tookNs,omitempty"`
}

// Process is a running job.
type Process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	Said  Word
}

// Start runs the job in a copy of this program and waits for its word. The
// process ends with Stop, and when this one does.
func Start(ctx context.Context, root string, j Job) (*Process, error) {
	raw, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("describe a job: %w", err)
	}
	cmd := exec.Command("/proc/self/exe", "agent", Flag, string(raw), "--cgroup", root) //nolint:noctx // it outlives the call; Stop ends it
	cmd.Args[0] = os.Args[0]                                                            // a program that is several goes by its name
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process for %s: %w", j.Do, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a process for %s: %w", j.Do, err)
	}
	var complaint tail
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process for %s: %w", j.Do, err)
	}
	p := &Process{cmd: cmd, stdin: stdin}
	line := make(chan []byte, 1)
	go func() {
		text, _ := bufio.NewReader(out).ReadBytes('\n') // nothing is no word
		line <- text
	}()
	select {
	case text := <-line:
		if err = json.Unmarshal(text, &p.Said); err != nil {
			err = fmt.Errorf("it ended without a word: killed by the kernel for want of memory, perhaps")
		} else if p.Said.Error != "" {
			err = errors.New(p.Said.Error)
		}
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		p.Stop()
		if said := complaint.String(); said != "" {
			err = fmt.Errorf("%w; it said %q", err, said)
		}
		return nil, fmt.Errorf("do %s in the target's control group: %w", j.Do, err)
	}
	return p, nil
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

// maxTail is how much a tail keeps, in bytes.
const maxTail = 300

func (t *tail) Write(text []byte) (int, error) {
	t.kept = append(t.kept, text...)
	t.kept = t.kept[max(0, len(t.kept)-maxTail):]
	return len(text), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.kept)) }

// Stop kills the process and waits until it is gone. It is idempotent.
func (p *Process) Stop() {
	_ = p.cmd.Process.Kill() // it may be gone already
	p.stdin.Close()
	_ = p.cmd.Wait() // killed is what it should be
}

// Used is the processor time that the kernel has counted for the process, and
// its resident memory in bytes. An error means that it is gone.
func (p *Process) Used() (cpu time.Duration, resident int64, err error) {
	const tick = 10 * time.Millisecond // USER_HZ is 100 on Linux
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, fmt.Errorf("look at the process in the target's control group: %w", err)
	}
	_, after, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(after)
	if len(f) < 22 || f[0] == "Z" || f[0] == "X" {
		return 0, 0, errors.New("the process in the target's control group has ended: the kernel killed it, perhaps for want of memory")
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	pages, err3 := strconv.ParseInt(f[21], 10, 64)
	return time.Duration(user+system) * tick, pages * int64(os.Getpagesize()), errors.Join(err1, err2, err3)
}
