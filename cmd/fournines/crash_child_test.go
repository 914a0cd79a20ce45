package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack/docker"
)

// crash is what a process does that dies under a fault.
type crash struct {
	Run string
	// Project is the compose project that it attaches to, Kept the kept stack
	// in its place.
	Project, Kept string
	Edge          string
	Action        string
	// Targets are replicas by name; "leader" is the one that leads.
	Targets []string
	Params  map[string]string
	Rate    float64
	// At is where the process kills itself; empty for nowhere.
	At harness.Checkpoint
	// Stops makes it stop there until it is continued, instead.
	Stops bool
	// Lasts is the length of the fault, and of the stage that it is in.
	Lasts time.Duration
}

const (
	// crashed is said on standard output right before the process kills
	// itself, or when it reaches the checkpoint that it was to wait at.
	crashed = "at "
	// exitCannot is the exit code of a process that cannot inject the fault
	// here, exitUnseen that of one that did not see it in effect in time.
	exitCannot = 17
	exitUnseen = 18
)

// crashChild runs one injection as `fournines run` does, with a guard, against
// the compose project that its argument names, and dies where it says.
func crashChild() {
	var c crash
	if err := json.Unmarshal([]byte(os.Args[1]), &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	code, err := c.run(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// plan is the injection, in stages as short as they can be.
func (c crash) plan() harness.Plan {
	const short = 200 * time.Millisecond
	load := harness.LoadSpec{Rate: c.Rate, URL: c.Edge, Timeout: time.Second}
	if c.Kept != "" { // the platform has traffic of its own, and says whom to trust
		load.URL, load.Mix = "", "browse"
	}
	return harness.Plan{
		Scenario: harness.Scenario{
			Name: "crash", Load: load,
			Stages: harness.Stages{Steady: short, Baseline: short, Disruption: c.Lasts, Recovery: short},
			// Some components have one replica only: that all of it is hit is meant.
			Faults: []harness.FaultSpec{{Action: c.Action, Params: c.Params, Target: harness.TargetSpec{Mode: string(harness.All)}}},
			SLO:    harness.SLO{Availability: 0.9999},
			Safety: &harness.Safety{Off: true},
		},
		Trial:      1,
		Injections: []harness.PlannedInjection{{Action: c.Action, Targets: c.Targets, Duration: c.Lasts, Params: c.Params}},
	}
}

func (c crash) run(ctx context.Context) (code int, err error) {
	st, err := c.attach(ctx)
	if err != nil {
		return exitInvalid, err
	}
	if c.Targets, err = c.resolve(ctx, st); err != nil {
		return exitInvalid, err
	}
	live, err := rig.New(c.plan(), st)
	if err != nil {
		return exitCannot, err
	}
	guard, err := newGuard(ctx, c.Run, false)
	if err != nil {
		return exitInvalid, err
	}
	fmt.Println(crashed + "begin")
	ev, err := harness.Run(ctx, c.plan(), live, harness.WithRunID(c.Run), harness.WithJournal(guard), harness.WithCheckpoint(c.reach))
	if err := guard.close(true); err != nil {
		return exitInvalid, err
	}
	if err != nil {
		return exitInvalid, err
	}
	for _, p := range ev.Problems {
		code := map[harness.Code]int{
			harness.FaultNotRemoved: exitNotRemoved, harness.FaultNotEffective: exitUnseen, harness.UnsupportedFault: exitCannot,
			harness.SteadyStateNotMet: exitUnseen, harness.BlastRadius: exitCannot,
		}[p.Code]
		if code != 0 {
			return code, fmt.Errorf("%s: %s", p.Code, p.Detail)
		}
	}
	return exitPass, nil
}

// attach joins the stack that is broken.
func (c crash) attach(ctx context.Context) (*docker.Stack, error) {
	allowed := docker.AttachOptions{AllowFaults: true}
	if c.Kept != "" {
		return docker.AttachKept(ctx, c.Kept, allowed)
	}
	return docker.AttachCompose(ctx, c.Project, allowed)
}

// resolve finds who leads now.
func (c crash) resolve(ctx context.Context, st *docker.Stack) ([]string, error) {
	if !slices.Contains(c.Targets, "leader") {
		return c.Targets, nil
	}
	roles, err := st.Roles(ctx)
	if err != nil {
		return nil, err
	}
	for name, role := range roles {
		if role == "leader" {
			return []string{name}, nil
		}
	}
	return nil, fmt.Errorf("want a leader, saw roles %v", roles)
}

// reach says where the process is, and ends it where it is to die.
func (c crash) reach(at harness.Checkpoint) {
	fmt.Println(crashed + string(at))
	if at != c.At {
		return
	}
	if c.Stops {
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // nothing runs after that
}
