package catalog

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Main is the program "fournines platform catalog". It runs until ctx is done
// or SIGTERM or SIGINT arrives, and then drains and returns nil. Log lines and
// usage go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	options, err := process.ParseFlags(Service, args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
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
	sockets, address, err := options.OpenReached(ctx)
	if err != nil {
		return err
	}
	return Run(ctx, sockets, Config{
		Name: options.Name, Node: options.Node, Address: address,
		Registrar: instances, LeaseTTL: options.LeaseTTL, Drain: options.Drain, Work: options.Work,
		Log: telemetry.NewLogger(stdout, options.Level, Service, options.Name),
	})
}
