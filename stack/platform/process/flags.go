// Package process is the shell that the reference platform's programs share:
// flags, two listeners, readiness and the order in which a program stops.
package process

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"
)

// Options are the flags of a program.
type Options struct {
	// Name is the replica's name, Node the failure domain it is placed on.
	Name, Node string
	// Listen and Admin are the addresses of the API and of the admin port.
	Listen, Admin string
	// Registry is the registry's URL, as registry.Open reads it.
	Registry string
	// Centre is the URL of the etcd that keeps the program's document, where
	// that is not the registry; empty for the registry.
	Centre string
	// Advertise is the host:port that is registered; empty for the program's
	// own address.
	Advertise string
	// Database is the host:port of the shop's database; empty for none.
	Database string
	// LeaseTTL is how long a registration outlives its program.
	LeaseTTL time.Duration
	// Drain is how long a program that was asked to stop goes on serving.
	Drain time.Duration
	// Work is the processor time that each request costs at least.
	Work time.Duration
	// Config is where the program's document comes from, as config.Open reads
	// it; empty for none.
	Config string
	// Without names the features that are switched off, with commas between
	// them.
	Without string
	// Certificate is the file with what the API shows to its clients over TLS;
	// empty for an API without TLS.
	Certificate string
	// Level is the lowest level of log lines that are written.
	Level slog.Level
}

// ParseFlags reads the flags of the named component. Usage goes to usage; the
// error is flag.ErrHelp when help was asked for.
func ParseFlags(component string, args []string, usage io.Writer) (Options, error) {
	o := Options{}
	flags := flag.NewFlagSet(component, flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&o.Name, "name", "", "the replica's `name`, as in catalog-1 (required)")
	flags.StringVar(&o.Node, "node", "", "the `node` that the replica is placed on")
	flags.StringVar(&o.Listen, "listen", ":8080", "`address` of the API")
	flags.StringVar(&o.Admin, "admin", ":9090", "`address` of /-/live, /-/ready and /metrics")
	flags.StringVar(&o.Registry, "registry", "", "the registry's `URL`, as in etcd://etcd-1:2379,etcd-2:2379 or zookeeper://zookeeper-1:2181 (required)")
	flags.StringVar(&o.Centre, "config-centre", "", "the `URL` of the etcd that keeps the program's document (default: the registry)")
	flags.StringVar(&o.Advertise, "advertise", "", "`host:port` to register (default: own address and the port of --listen)")
	flags.StringVar(&o.Database, "database", "", "`host:port` of the shop's database, as in db:5432")
	flags.DurationVar(&o.LeaseTTL, "lease-ttl", 2*time.Second, "how long a registration outlives its program")
	flags.DurationVar(&o.Drain, "drain", 2*time.Second, "how long to go on serving after SIGTERM")
	flags.DurationVar(&o.Work, "work", 0, "processor time that each request costs at least")
	flags.StringVar(&o.Config, "config", "", "the `address` of the program's document, as in etcd:/fournines/config/gateway or file:/etc/gateway.json")
	flags.StringVar(&o.Without, "without", "", "`features` to switch off, with commas between them")
	flags.StringVar(&o.Certificate, "certificate", "", "PEM `file` with certificate and key of the API, read again when it changes (default: no TLS)")
	flags.TextVar(&o.Level, "log-level", slog.LevelInfo, "lowest `level` to log: debug, info, warn or error")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, fmt.Errorf("read the flags of %s: %w", component, err)
	}
	return o, o.check(component, flags.Args())
}

// check returns everything that is wrong with the options at once.
func (o Options) check(component string, rest []string) error {
	var problems []error
	bad := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: "+format, append([]any{component}, args...)...))
	}
	if len(rest) > 0 {
		bad("unexpected arguments %q, want flags only", rest)
	}
	if o.Name == "" {
		bad("--name is missing, want the replica's name as in %s-1", component)
	}
	if o.Registry == "" {
		bad("--registry is missing, want the registry's URL as in etcd://etcd-1:2379")
	}
	if o.LeaseTTL < time.Second {
		bad("--lease-ttl is %v, want at least 1s", o.LeaseTTL)
	}
	if o.Drain < 0 {
		bad("--drain is %v, want 0s or more", o.Drain)
	}
	if o.Work < 0 {
		bad("--work is %v, want 0s or more", o.Work)
	}
	if o.Advertise != "" {
		if _, _, err := net.SplitHostPort(o.Advertise); err != nil {
			bad("--advertise is %q, want host:port", o.Advertise)
		}
	}
	return errors.Join(problems...)
}
