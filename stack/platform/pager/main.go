package pager

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Main is the program "fournines platform pager". It runs until ctx is done or
// SIGTERM or SIGINT arrives, and then returns nil. Log lines and usage go to
// stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	var o process.Options
	flags := flag.NewFlagSet("pager", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.StringVar(&o.Name, "name", "pager", "the replica's `name`")
	flags.StringVar(&o.Listen, "listen", ":8080", "`address` that Alertmanager posts to")
	flags.StringVar(&o.Admin, "admin", ":9090", "`address` of /-/live, /-/ready, /metrics and "+NotificationsPath)
	flags.TextVar(&o.Level, "log-level", slog.LevelInfo, "lowest `level` to log: debug, info, warn or error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return fmt.Errorf("read the flags of pager: %w", err)
	case flags.NArg() > 0:
		return fmt.Errorf("pager: unexpected arguments %q, want flags only", flags.Args())
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	sockets, err := o.Open()
	if err != nil {
		return err
	}
	return Run(ctx, sockets, telemetry.NewLogger(stdout, o.Level, "pager", o.Name))
}

// Run serves until ctx is done and then returns nil. It owns the sockets.
func Run(ctx context.Context, sockets process.Sockets, log *slog.Logger) error {
	in := newInbox(log)
	metrics := telemetry.NewMetrics()
	traffic := http.NewServeMux()
	traffic.HandleFunc("POST "+NotifyPath, in.take)
	return process.Program{
		Sockets: sockets,
		Handler: telemetry.Handler(traffic, metrics, log, func(*http.Request) string { return "pager" }),
		Ready:   func() error { return nil },
		Metrics: metrics.Handler(),
		Routes:  map[string]http.Handler{"GET " + NotificationsPath: http.HandlerFunc(in.list)},
		Log:     log,
	}.Run(ctx)
}
