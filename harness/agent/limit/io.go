package limit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
	"github.com/fournines/fournines/harness/agent/inside"
)

const (
	// LeastIO and MostIO bound a rate in bytes per second: below the least the
	// proof takes too long, above the most it is too short to tell.
	LeastIO = 256 << 10
	MostIO  = 32 << 20
	// stalled is the rate, in bytes per second, at which a disk does as good as
	// nothing. What waits at it is let go as soon as the limit is gone; at none
	// at all it could not even be killed.
	stalled = 512
	// stalledFor is how long a write of one block must not end for the disk to
	// count as stalled. At the rate it takes four times that.
	stalledFor = 2 * time.Second
	block      = 4096
)

// io is an effect on how fast the target reads and writes one device.
type io struct {
	root, path string
	group      cgroup.Group
	rate       int64
	find       func(path string) (device string, err error)

	device  string
	applied []setting
	trying  *attempt
}

var _ agent.Effect = (*io)(nil)

// IO lets the target read and write the device of the folder in argument "path"
// at argument "rate" bytes per second, each. Only what goes past the page cache
// or is flushed by the target itself is held up where control groups are of
// version 1. The agent needs the capability DAC_OVERRIDE.
func IO(args map[string]string) (agent.Effect, error) {
	rate, err := number(args, "rate")
	if err == nil && (rate < LeastIO || rate > MostIO) {
		err = fmt.Errorf("argument \"rate\": want from %d to %d bytes per second, saw %d", LeastIO, MostIO, rate)
	}
	if err != nil {
		return nil, err
	}
	return newIO(cgroup.Root, args["path"], rate)
}

// StallIO is IO at a rate that is as good as none.
func StallIO(args map[string]string) (agent.Effect, error) {
	return newIO(cgroup.Root, args["path"], stalled)
}

func newIO(root, path string, rate int64) (*io, error) {
	g, err := cgroup.Open(root)
	return &io{root: root, path: path, group: g, rate: rate, find: deviceOf}, err
}

func ioFiles() []string {
	return []string{"io.max", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"}
}

// Before implements agent.Effect: for each file, what is written to it to get
// back what was there.
func (e *io) Before(context.Context) (map[string]string, error) {
	var err error
	if e.device, err = e.find(e.path); err != nil {
		return nil, err
	}
	before := map[string]string{}
	for _, file := range ioFiles() {
		if !e.group.Has(file) {
			continue
		}
		line, err := e.line(file, e.device)
		if err != nil {
			return nil, err
		}
		before[file] = e.device + " " + line
	}
	if len(before) == 0 {
		return nil, fmt.Errorf("expected one of the files %v in the target's control group, saw none: this kernel cannot limit that: %w", ioFiles(), errors.ErrUnsupported)
	}
	return before, nil
}

// line is what a file says of the device; without a limit that is none as it
// would be written.
func (e *io) line(file, device string) (string, error) {
	text, err := e.group.Read(file)
	if err != nil {
		return "", err
	}
	line, ok := cgroup.Line(text, device)
	switch {
	case ok:
		return line, nil
	case e.group.V2():
		return "rbps=max wbps=max riops=max wiops=max", nil
	}
	return "0", nil
}

// Apply implements agent.Effect.
func (e *io) Apply(context.Context) error {
	for _, file := range ioFiles() {
		if !e.group.Has(file) {
			continue
		}
		value := fmt.Sprintf("%s %d", e.device, e.rate)
		if e.group.V2() {
			value = fmt.Sprintf("%s rbps=%d wbps=%d", e.device, e.rate, e.rate)
		}
		if err := e.group.Write(file, value); err != nil {
			return err
		}
		e.applied = append(e.applied, setting{file, value})
	}
	e.trying = try(e.root, e.path, e.bytes())
	return nil
}

// bytes is how much is written to see the limit: what takes half a second at
// it, or one block.
func (e *io) bytes() int64 { return max(block, e.rate/2/block*block) }

// Seen implements agent.Effect: the files hold the limit, and a write of a
// process in the target's control group took as long as that makes it.
func (e *io) Seen(context.Context) (agent.Seen, error) {
	if len(e.applied) == 0 {
		return agent.Seen{Detail: "nothing was written"}, nil
	}
	for _, s := range e.applied {
		now, err := e.line(s.file, e.device)
		if err != nil {
			return agent.Seen{}, err
		}
		for _, word := range strings.Fields(s.value)[1:] {
			if !strings.Contains(" "+now+" ", " "+word+" ") {
				return agent.Seen{Detail: fmt.Sprintf("want %s in %s, saw %q", s.value, s.file, now)}, nil
			}
		}
	}
	took, ended, err := e.trying.look()
	seen := agent.Seen{
		Counters: map[string]int64{"bytes": e.bytes(), "milliseconds": took.Milliseconds()},
		Detail:   fmt.Sprintf("%d bytes written to %s for %v, ended: %t", e.bytes(), e.device, took.Round(time.Millisecond), ended),
	}
	if err != nil {
		return seen, err
	}
	wanted := time.Duration(float64(e.bytes()) / float64(e.rate) * float64(time.Second))
	if e.rate == stalled {
		seen.Active = took >= stalledFor // ended or not
	} else {
		seen.Active = ended && took >= wanted*7/10
	}
	return seen, nil
}

// Undo implements agent.Effect. The limit goes first: what waits at it cannot
// end before.
func (e *io) Undo(_ context.Context, before map[string]string) error {
	var errs []error
	for _, file := range ioFiles() {
		if value, ok := before[file]; ok {
			errs = append(errs, e.restore(file, value))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if e.trying != nil {
		e.trying.end()
		e.trying = nil
	}
	return nil
}

func (e *io) restore(file, value string) error {
	device, was, _ := strings.Cut(value, " ")
	err := e.group.Write(file, value)
	if cgroup.Gone(err) {
		return nil // the limit went with the group
	}
	if err != nil {
		return err
	}
	now, err := e.line(file, device)
	if err == nil && now != was {
		err = fmt.Errorf("want the target's %s back at %q for device %s, saw %q", file, was, device, now)
	}
	return err
}

// attempt is a write in the target's control group.
type attempt struct {
	began  time.Time
	cancel context.CancelFunc
	done   chan struct{}

	mu      sync.Mutex
	took    time.Duration
	process *inside.Process
	err     error
}

func try(root, path string, bytes int64) *attempt {
	ctx, cancel := context.WithCancel(context.Background())
	a := &attempt{began: time.Now(), cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(a.done)
		p, err := inside.Start(ctx, root, inside.Job{Do: "write", Join: []string{"blkio"}, Path: path, Bytes: bytes})
		a.mu.Lock()
		defer a.mu.Unlock()
		a.process, a.err = p, err
		if err == nil {
			a.took = p.Said.Took
		}
	}()
	return a
}

// look is how long writing took, or has taken so far.
func (a *attempt) look() (took time.Duration, ended bool, err error) {
	select {
	case <-a.done:
	default:
		return time.Since(a.began), false, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.took, true, a.err
}

func (a *attempt) end() {
	a.cancel()
	<-a.done
	if a.process != nil {
		a.process.Stop()
	}
}
