package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/platform/controller"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// lookForRun is how often a controller looks whether its run is still there.
const lookForRun = 500 * time.Millisecond

// controllerMain is the program "fournines platform controller": it keeps the
// replicas of a run at their number. It works on this machine, beside the
// containers, and ends with its run: when its input ends or, with --kept, when
// the run's folder is gone.
func controllerMain(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet(stack.Controller, flag.ContinueOnError)
	flags.SetOutput(stdout)
	run := flags.String("run", "", "the run's `ID`")
	listen := flags.String("listen", "", "loopback `address` of /-/ready, /metrics and /-/transitions")
	registered := flags.String("registry", "", "what keeps the `registrations`, as it was chosen")
	components := flags.String("components", "", "the `parts` of the platform, as they were chosen; empty for all")
	kept := flags.Bool("kept", false, "the run outlives the process that started it")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	log := telemetry.NewLogger(stdout, slog.LevelInfo, stack.Controller, stack.Controller)
	fleet, err := docker.OpenFleet(ctx, *run)
	if err != nil {
		return err
	}
	defer fleet.Close()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("listen on %q: want a loopback address", *listen), listener.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if *kept {
		go whenGone(ctx, fleet, cancel)
	} else {
		go func() { // it cannot be interrupted, and need not be: the process ends
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	log.Info("serving", "admin", listener.Addr().String(), "run", *run)
	err = controller.New(controller.Config{
		Eyes: fleetEyes{fleet}, Hands: fleetHands{fleet}, Wants: wants(stack.Choices{Registry: *registered, Components: strings.FieldsFunc(*components, func(c rune) bool { return c == ',' })}), Timing: controller.Defaults(),
		Seed: seedOf(*run), Log: log, Listener: listener,
	}).Run(ctx)
	log.Info("stopped")
	return err
}

// whenGone calls gone when the fleet's run has ended.
func whenGone(ctx context.Context, fleet *docker.Fleet, gone func()) {
	tick := time.NewTicker(lookForRun)
	defer tick.Stop()
	for !fleet.Gone() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	gone()
}

// seedOf makes a run's delays its own, and the same when its controller is
// started again.
func seedOf(run string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, run) // never fails
	return h.Sum64()
}

// movable are the components without state of their own: their replicas can be
// made anew anywhere.
var movable = [...]string{"catalog", "gateway", "orders"}

// wants are the numbers of a reference platform.
func wants(platform stack.Choices) (wants []controller.Want) {
	for _, part := range platform.Parts() {
		if part.Component != stack.Controller {
			wants = append(wants, controller.Want{
				Component: part.Component, Replicas: part.Replicas, Movable: slices.Contains(movable[:], part.Component),
			})
		}
	}
	return wants
}

// fleetEyes and fleetHands are a fleet in the controller's words.
type (
	fleetEyes  struct{ *docker.Fleet }
	fleetHands struct{ fleet *docker.Fleet }
)

// Look implements controller.Eyes.
func (f fleetEyes) Look(ctx context.Context) (controller.View, error) {
	found, down, err := f.Fleet.Look(ctx)
	if err != nil {
		return controller.View{}, err
	}
	view := controller.View{NodesDown: down}
	for _, r := range found {
		state := controller.Ended
		switch r.Status {
		case "running", "paused", "restarting":
			state = controller.Running
		case "removing", "dead":
			continue
		case "missing":
			state = controller.Missing
		}
		view.Replicas = append(view.Replicas, controller.Replica{
			Name: r.Name, Component: r.Component, Node: r.Node, State: state, Health: r.Health, Held: r.Held, Attended: r.Attended,
		})
	}
	return view, nil
}

// Do implements controller.Hands.
func (f fleetHands) Do(ctx context.Context, a controller.Action) error {
	switch a.Verb {
	case controller.Start:
		return f.fleet.Start(ctx, a.Replica, a.Node)
	case controller.Restart:
		return f.fleet.Restart(ctx, a.Replica, a.Node)
	case controller.Place:
		return f.fleet.Place(ctx, a.Component, a.Replica, a.Node)
	case controller.Remove:
		return f.fleet.Remove(ctx, a.Replica)
	}
	return fmt.Errorf("unknown action %q", a.Verb)
}
