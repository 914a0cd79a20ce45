package edge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// stopLimit is how long nginx may take to answer what it has begun when the
	// edge ends.
	stopLimit = 5 * time.Second
	// takeOverLimit bounds the wait for the workers of a reload, lookForThem is
	// the pause between two looks.
	takeOverLimit = 5 * time.Second
	lookForThem   = 10 * time.Millisecond
)

// nginx is its main process, with the workers that it starts.
type nginx struct {
	config Config
	cmd    *exec.Cmd
	// gone is closed when the process has ended, and how says with what.
	gone chan struct{}
	how  error

	mu sync.Mutex
	// old are the workers of before the last reload, of which some may still
	// answer what they have begun.
	old []int
}

// start starts nginx by the configuration in a file, and returns when it has
// workers.
func (c Config) start(ctx context.Context, file string) (*nginx, error) {
	// What goes wrong before the configuration is read goes to stderr.
	cmd := exec.Command(c.Program, "-e", "stderr", "-p", c.Scratch, "-c", file)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	n := &nginx{config: c, cmd: cmd, gone: make(chan struct{})}
	go func() {
		for in := bufio.NewScanner(said); in.Scan(); {
			c.Log.Warn("nginx", "line", in.Text())
		}
		_, _ = io.Copy(io.Discard, said) // a line too long for the scanner
		n.how = cmd.Wait()
		close(n.gone)
	}()
	if err := n.takeOver(ctx, nil); err != nil {
		_ = n.cmd.Process.Kill() // it may have ended
		<-n.gone
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	return n, nil
}

// await returns when nginx has ended: nil when ctx was done before, and it was
// asked to.
func (n *nginx) await(ctx context.Context) error {
	select {
	case <-n.gone:
		return n.early()
	case <-ctx.Done():
	}
	_ = n.cmd.Process.Signal(syscall.SIGQUIT) // requests are answered; it may have ended
	limit := time.NewTimer(stopLimit)
	defer limit.Stop()
	select {
	case <-n.gone:
		n.config.Log.Info("nginx has ended", "how", n.cmd.ProcessState.String())
		return n.how
	case <-limit.C:
	}
	n.config.Log.Warn("requests in flight were cut off", "after", stopLimit.String())
	_ = n.cmd.Process.Signal(syscall.SIGTERM)
	<-n.gone
	return n.how
}

// early is the error of an nginx that ended by itself.
func (n *nginx) early() error {
	return fmt.Errorf("run nginx: want it to go on, it ended: %v; its log says why", n.how)
}

// reload has other workers take over with what is in the configuration's file,
// and returns when they are there. The old ones answer what they have begun. A
// configuration that nginx refuses leaves the old workers serving and is an
// error.
func (n *nginx) reload(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	before, err := children(n.cmd.Process.Pid)
	if err != nil {
		return err
	}
	if err := n.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		return fmt.Errorf("tell nginx to reload: %w", err)
	}
	if err := n.takeOver(ctx, before); err != nil {
		return fmt.Errorf("reload nginx: %w", err)
	}
	n.old = before
	return nil
}

// takeOver returns when there are workers, others than some. Before that nginx
// is not to be told anything: until it has workers it takes no signals.
func (n *nginx) takeOver(ctx context.Context, others []int) error {
	ctx, cancel := context.WithTimeout(ctx, takeOverLimit)
	defer cancel()
	tick := time.NewTicker(lookForThem)
	defer tick.Stop()
	for {
		now, err := children(n.cmd.Process.Pid)
		if err != nil {
			return err
		}
		if len(without(now, others)) >= workers {
			return nil
		}
		select {
		case <-tick.C:
		case <-n.gone:
			return n.early()
		case <-ctx.Done():
			return fmt.Errorf("want %d other workers than %v within %v, saw %v; its log says why: %w", workers, others, takeOverLimit, now, ctx.Err())
		}
	}
}

// processes are the workers that take requests, and those that only answer what
// they have begun.
func (n *nginx) processes() (serving, leaving []int, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	all, err := children(n.cmd.Process.Pid)
	if err != nil {
		return nil, nil, err
	}
	serving = without(all, n.old)
	return serving, without(all, serving), nil
}

// without are those of all that are not in others.
func without(all, others []int) []int {
	return slices.DeleteFunc(slices.Clone(all), func(pid int) bool { return slices.Contains(others, pid) })
}

// children are the processes that another one started and that run, in order
// of their numbers.
func children(parent int) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var all []int
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // it has ended meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("look for nginx's workers: %w", err)
		}
		if pid, ok := childOf(string(raw), parent); ok {
			all = append(all, pid)
		}
	}
	slices.Sort(all)
	return all, nil
}

// childOf reads the process of a line of /proc/PID/stat, "PID (name) state
// parent …", in which the name may have anything (proc_pid_stat(5)). One that
// has ended and was not waited for is none.
func childOf(stat string, parent int) (pid int, ok bool) {
	end := strings.LastIndexByte(stat, ')')
	if end < 0 {
		return 0, false
	}
	number, _, _ := strings.Cut(stat, " ")
	fields := strings.Fields(stat[end+1:])
	pid, err := strconv.Atoi(number)
	if err != nil || len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" || fields[1] != strconv.Itoa(parent) {
		return 0, false
	}
	return pid, true
}
