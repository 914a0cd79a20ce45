// Package zookeeper is the reference platform's program around one member of a
// ZooKeeper ensemble: it configures and runs Debian's ZooKeeper, and says over
// HTTP what the member says of itself, because ZooKeeper has no page for its
// readiness and Debian's none for Prometheus.
package zookeeper

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/signal"
	"strings"
	"syscall"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Config says how one member runs.
type Config struct {
	Name string
	// Member is its number in Members, from 1.
	Member  int
	Members []string
	// Port is where clients come.
	Port uint16
	// Data is a directory that outlives the process.
	Data string
	// Java is the program that runs ZooKeeper, Classes where its classes are.
	Java, Classes string
	// Admin is where the member is watched; Run closes it.
	Admin net.Listener
	Log   *slog.Logger
}

// Main is the program "fournines platform zookeeper". It runs ZooKeeper until
// ctx is done or SIGTERM or SIGINT arrives, then ends it and returns nil. Log
// lines and usage go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	var c Config
	var level slog.Level
	var admin, members string
	var port uint
	flags := flag.NewFlagSet("zookeeper", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.StringVar(&c.Name, "name", "zookeeper", "the replica's `name`")
	flags.IntVar(&c.Member, "member", 1, "the member's `number` in --members, from 1")
	flags.StringVar(&members, "members", "", "the `names` of all members, with commas between them (required)")
	flags.UintVar(&port, "port", 2181, "`port` for clients")
	flags.StringVar(&admin, "admin", ":9090", "`address` of /-/live, /-/ready, /metrics, "+StatusPath+" and "+AgreePath)
	flags.StringVar(&c.Data, "data", "/data", "`directory` that outlives the container")
	flags.StringVar(&c.Java, "java", "/usr/bin/java", "the `program` that runs ZooKeeper")
	flags.StringVar(&c.Classes, "classes", "/usr/share/java", "`directory` with zookeeper.jar and slf4j-simple.jar")
	flags.TextVar(&level, "log-level", slog.LevelInfo, "lowest `level` to log: debug, info, warn or error")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return fmt.Errorf("read the flags of zookeeper: %w", err)
	case flags.NArg() > 0:
		return fmt.Errorf("zookeeper: unexpected arguments %q, want flags only", flags.Args())
	case port == 0 || port > 65535:
		return fmt.Errorf("zookeeper: --port is %d, want 1 to 65535", port)
	}
	c.Members = strings.FieldsFunc(members, func(r rune) bool { return r == ',' })
	if c.Member < 1 || c.Member > len(c.Members) {
		return fmt.Errorf("zookeeper: --member is %d, want 1 to %d, the number of --members", c.Member, len(c.Members))
	}
	c.Port = uint16(port)
	c.Log = telemetry.NewLogger(stdout, level, "zookeeper", c.Name)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	var err error
	if c.Admin, err = net.Listen("tcp", admin); err != nil {
		return fmt.Errorf("listen for admin on %q: %w", admin, err)
	}
	return Run(ctx, c)
}
