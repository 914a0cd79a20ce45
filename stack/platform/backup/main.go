package backup

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/vault"
)

// Main is the program "fournines platform backup". It runs until ctx is done
// and then returns nil. Log lines and usage go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	c := Config{Password: os.Getenv(vault.PasswordVariable)}
	var port uint
	flags := process.NewWatched("backup", ":9090", "/-/live, /-/ready, /metrics and the API", stdout)
	flags.UintVar(&port, "daemon-port", 8730, "the rsync daemon's `port`")
	flags.StringVar(&c.Data, "data", "/data", "`directory` that outlives the container")
	flags.StringVar(&c.Scratch, "scratch", "/scratch", "`directory` for sockets and configuration")
	flags.StringVar(&c.Binaries, "binaries", "/usr/lib/postgresql/15/bin", "`directory` of PostgreSQL's programs")
	flags.StringVar(&c.Source, "source", "db:5432", "the database's `host:port`")
	flags.StringVar(&c.Database, "database", "shop", "the `name` of the database that a drill compares")
	flags.DurationVar(&c.Every, "every", 5*time.Minute, "how often a base backup is made")
	flags.IntVar(&c.Keep, "keep", 3, "how many base backups are kept")
	flags.DurationVar(&c.Check, "check", 15*time.Second, "how often everything is compared with its sums")
	flags.DurationVar(&c.Drill, "drill", 10*time.Minute, "how often a restore is tried; 0 is never")
	flags.BoolVar(&c.Stream, "stream", true, "receive the log as a stream too")
	if err := flags.Read(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if err := flags.CheckPort("daemon-port", port); err != nil {
		return err
	}
	switch {
	case c.Password == "":
		return fmt.Errorf("backup: the environment has no %s, want the secret that the database has too", vault.PasswordVariable)
	case c.Every < time.Second || c.Check < time.Second || c.Drill < 0:
		return fmt.Errorf("backup: --every is %v, --check %v, --drill %v, want at least 1s, 1s and 0s", c.Every, c.Check, c.Drill)
	case c.Keep < 1:
		return fmt.Errorf("backup: --keep is %d, want at least 1", c.Keep)
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	c.Self, c.DaemonPort = []string{self, "platform"}, uint16(port)
	c.Name, c.Log = flags.Replica, flags.Log()
	if c.Admin, err = flags.Listen(); err != nil {
		return err
	}
	return Run(ctx, c)
}
