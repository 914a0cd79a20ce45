package gateway

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Main is the program "fournines platform gateway". It runs until ctx is done
// or SIGTERM or SIGINT arrives, and then drains and returns nil. Log lines and
// usage go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	options, err := process.ParseFlags("gateway", args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	without, err := parseFeatures(options.Without)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	instances, err := registry.Open(options.Registry)
	if err != nil {
		return err
	}
	defer instances.Close()
	sockets, err := options.Open()
	if err != nil {
		return err
	}
	c := Config{
		Name:    options.Name,
		Watcher: instances,
		Options: Defaults(),
		Without: without,
		Drain:   options.Drain,
		Log:     telemetry.NewLogger(stdout, options.Level, "gateway", options.Name),
	}
	if options.Config != "" {
		keys, _ := instances.(config.Keys) // a registry that keeps no documents is none
		if options.Centre != "" {
			centre, err := registry.OpenEtcd(options.Centre)
			if err != nil {
				return err
			}
			defer centre.Close()
			keys = centre
		}
		if c.Source, err = config.Open(options.Config, keys, os.Getenv); err != nil {
			return err
		}
	}
	return New(c).Serve(ctx, sockets)
}
