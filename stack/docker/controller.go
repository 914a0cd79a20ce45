package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
)

const (
	// controllerReady is how long a controller may take until it has seen the
	// platform, controllerEnds how long to finish what it has begun.
	controllerReady = 20 * time.Second
	controllerEnds  = 5 * time.Second
	// controllerLines is how much of its log an error quotes, in bytes.
	controllerLines = 2048
)

// controllerRecord is what is known of a run's controller on this machine, by
// whoever has to do with it.
type controllerRecord struct {
	// URL is where it is watched; it is fixed for the run's life.
	URL string `json:"url"`
	// Program is the executable, Args are its arguments.
	Program string   `json:"program"`
	Args    []string `json:"args"`
	Kept    bool     `json:"kept"`
	// PID is the latest process, Began what the operating system says of its
	// start: another process may have the number later.
	PID   int    `json:"pid"`
	Began string `json:"began"`
}

// controller is the process on this machine that keeps a run's replicas at
// their number. It is a stack.Replica, so that it can be killed like the rest.
type controller struct {
	runID, dir string
	exits      *exits
	// lifeline is what the process sees end when this one does; nil for one
	// that is kept.
	lifeline *os.File
	inherit  *os.File
}

var _ stack.Replica = (*controller)(nil)

func (c *controller) Name() string      { return stack.Controller }
func (c *controller) Component() string { return stack.Controller }
func (c *controller) Node() string      { return "" }

// ID is the same for all processes of a run's controller: Life tells them
// apart.
func (c *controller) ID() string { return controllerID + c.runID }

// controllerID begins the identity of every controller.
const controllerID = "controller-of-"

func (c *controller) wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", verb, stack.Controller, err)
}

func (c *controller) path() string { return filepath.Join(c.dir, "controller.json") }

func (c *controller) read() (rec controllerRecord, err error) {
	raw, err := os.ReadFile(c.path())
	if err != nil {
		return rec, err
	}
	return rec, json.Unmarshal(raw, &rec)
}

func (c *controller) write(rec controllerRecord) error {
	raw, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	next := c.path() + ".next"
	if err := os.WriteFile(next, raw, 0o644); err != nil {
		return err
	}
	return os.Rename(next, c.path())
}

// Start starts the process again; nothing happens while it runs. It returns
// when the controller has seen the platform.
func (c *controller) Start(ctx context.Context) error {
	rec, err := c.read()
	if err != nil {
		return c.wrap("start", err)
	}
	if rec.status() != "exited" {
		return nil
	}
	log, err := os.OpenFile(filepath.Join(c.dir, "controller.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return c.wrap("start", err)
	}
	defer log.Close()
	// It ends with the run and not with a context.
	cmd := &exec.Cmd{Path: rec.Program, Args: rec.Args, Dir: "/", Stdout: log, Stderr: log, Env: os.Environ()}
	if c.inherit != nil {
		cmd.Stdin = c.inherit
	}
	ownSession(cmd)
	if err := cmd.Start(); err != nil {
		return c.wrap("start", err)
	}
	rec.PID, rec.Began = cmd.Process.Pid, processBegan(cmd.Process.Pid)
	gone := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(gone)
		now := time.Now()
		for _, kind := range []string{"exited", "died"} {
			c.exits.announce(stack.Event{Time: now, Replica: stack.Controller, Kind: kind, Detail: "process " + strconv.Itoa(rec.PID)})
		}
	}()
	if err := c.write(rec); err != nil {
		_ = cmd.Process.Kill()
		return c.wrap("start", err)
	}
	c.exits.announce(stack.Event{Time: time.Now(), Replica: stack.Controller, Kind: "started"})
	ctx, cancel := context.WithTimeout(ctx, controllerReady)
	defer cancel()
	hopeless := func(context.Context) error {
		select {
		case <-gone:
			return fmt.Errorf("its process ended before it was ready; its last lines were:\n%s", c.lastWords())
		default:
			return nil
		}
	}
	return c.wrap("start", poll(ctx, c.Ready, hopeless, func(last error) error {
		return fmt.Errorf("%w; its last lines were:\n%s", last, c.lastWords())
	}))
}

// lastWords is the end of its log.
func (c *controller) lastWords() string {
	raw, err := os.ReadFile(filepath.Join(c.dir, "controller.log"))
	if err != nil {
		return fmt.Sprintf("(no log: %v)", err)
	}
	return strings.TrimSpace(string(raw[max(0, len(raw)-controllerLines):]))
}

// Kill sends a signal to the process; nothing happens when there is none.
func (c *controller) Kill(_ context.Context, signal string) error {
	rec, err := c.read()
	if err == nil && rec.status() != "exited" {
		err = signalProcess(rec.PID, signal)
	}
	return c.wrap("kill", err)
}

// Pause stops the process, Unpause lets it go on.
func (c *controller) Pause(ctx context.Context) error   { return c.Kill(ctx, "STOP") }
func (c *controller) Unpause(ctx context.Context) error { return c.Kill(ctx, "CONT") }

// Status is that of the latest process.
func (c *controller) Status(context.Context) (string, error) {
	rec, err := c.read()
	if err != nil {
		return "", c.wrap("look at", err)
	}
	return rec.status(), nil
}

// Life names the latest process.
func (c *controller) Life(context.Context) (string, error) {
	rec, err := c.read()
	return fmt.Sprintf("process %d since %s", rec.PID, rec.Began), c.wrap("look at", err)
}

// Ready asks whether the controller has seen the platform.
func (c *controller) Ready(ctx context.Context) error {
	rec, err := c.read()
	if err == nil {
		_, err = expectOK(ctx, rec.URL+"/-/ready")
	}
	return c.wrap("check", err)
}

// end lets the process finish what it has begun, and kills it when that takes
// too long. It returns when the process is gone.
func (c *controller) end() error {
	rec, err := c.read()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return c.wrap("end", err)
	}
	for _, signal := range []string{"CONT", "TERM", "KILL"} {
		if rec.status() == "exited" {
			break
		}
		if err := signalProcess(rec.PID, signal); err != nil {
			return c.wrap("end", err)
		}
		deadline := time.Now().Add(controllerEnds)
		for signal != "CONT" && rec.status() != "exited" && time.Now().Before(deadline) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	if c.lifeline != nil {
		_ = c.lifeline.Close()
		_ = c.inherit.Close()
	}
	if status := rec.status(); status != "exited" {
		return c.wrap("end", fmt.Errorf("want its process %d gone, saw it %s", rec.PID, status))
	}
	return nil
}

// newController prepares a run's controller; Start starts it. program is the
// executable for this machine.
func newController(cache string, opts Options, x *exits, pick func() (uint16, error), program []byte) (*controller, error) {
	c := &controller{runID: opts.RunID, dir: runDir(cache, opts.RunID), exits: x}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, c.wrap("prepare", err)
	}
	path, err := c.program(program)
	if err != nil {
		return nil, c.wrap("prepare", err)
	}
	port, err := pick()
	if err != nil {
		return nil, c.wrap("prepare", err)
	}
	rec := controllerRecord{
		URL: "http://" + hostPort(port), Program: path, Kept: opts.Keep,
		Args: []string{"fournines", "platform", "controller", "--run", opts.RunID, "--listen", hostPort(port)},
	}
	if parts := opts.Choices.Components; len(parts) > 0 {
		rec.Args = append(rec.Args, "--components", strings.Join(parts, ","))
	}
	if in := opts.Choices.RegisteredIn(); in != stack.Etcd {
		rec.Args = append(rec.Args, "--registry", in)
	}
	if opts.Keep {
		rec.Args = append(rec.Args, "--kept")
	} else if c.inherit, c.lifeline, err = os.Pipe(); err != nil {
		return nil, c.wrap("prepare", err)
	}
	return c, c.wrap("prepare", c.write(rec))
}

// program puts the executable into the run's folder: the one that this process
// runs from may be gone before the run is.
func (c *controller) program(static []byte) (string, error) {
	if runtime.GOOS != "linux" {
		return os.Executable()
	}
	path := filepath.Join(c.dir, "fournines")
	return path, os.WriteFile(path, static, 0o755)
}
