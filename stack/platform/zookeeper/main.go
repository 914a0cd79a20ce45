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

	"github.com/fournines/fournines/stack/platform/process"
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
	var members string
	var port uint
	flags := process.NewWatched("zookeeper", ":9090", "/-/live, /-/ready, /metrics, "+StatusPath+" and "+AgreePath, stdout)
	flags.IntVar(&c.Member, "member", 1, "the member's `number` in --members, from 1")
	flags.StringVar(&members, "members", "", "the `names` of all members, with commas between them (required)")
	flags.UintVar(&port, "port", 2181, "`port` for clients")
	flags.StringVar(&c.Data, "data", "/data", "`directory` that outlives the container")
	flags.StringVar(&c.Java, "java", "/usr/bin/java", "the `program` that runs ZooKeeper")
	flags.StringVar(&c.Classes, "classes", "/usr/share/java", "`directory` with zookeeper.jar and slf4j-simple.jar")
	if err := flags.Read(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if err := flags.CheckPort("port", port); err != nil {
		return err
	}
	c.Members = strings.FieldsFunc(members, func(r rune) bool { return r == ',' })
	if c.Member < 1 || c.Member > len(c.Members) {
		return fmt.Errorf("zookeeper: --member is %d, want 1 to %d, the number of --members", c.Member, len(c.Members))
	}
	c.Name, c.Port, c.Log = flags.Replica, uint16(port), flags.Log()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	var err error
	if c.Admin, err = flags.Listen(); err != nil {
		return err
	}
	return Run(ctx, c)
}
