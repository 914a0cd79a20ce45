package orders

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/fournines/fournines/stack/platform/db"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Main is the program "fournines platform orders". It runs until ctx is done
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
	if options.Database == "" {
		return fmt.Errorf("%s: --database is missing, want host:port as in db:5432", Service)
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	store, err := Open(options.Database, db.Database, db.User, os.Getenv(db.PasswordVariable), options.Name)
	if err != nil {
		return err
	}
	defer store.Close()
	instances, err := registry.Open(options.Registry)
	if err != nil {
		return err
	}
	defer instances.Close()
	sockets, address, err := options.OpenReached(ctx)
	if err != nil {
		return err
	}
	log := telemetry.NewLogger(stdout, options.Level, Service, options.Name)
	return Run(ctx, sockets, Config{
		Name: options.Name, Node: options.Node, Address: address,
		Registrar: instances, LeaseTTL: options.LeaseTTL, Drain: options.Drain, Work: options.Work,
		Store: store, Figures: store.Figures, Without: strings.FieldsFunc(options.Without, func(r rune) bool { return r == ',' }),
		Prepare: func(ctx context.Context) error {
			applied, err := store.Migrate(ctx)
			if applied > 0 {
				log.Info("the schema is newer", "versions", applied)
			}
			return err
		},
		Log: log,
	})
}
