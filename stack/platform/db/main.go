package db

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

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/vault"
)

// PasswordVariable is the environment variable that hands over the password of
// User, so that no list of processes shows it.
const PasswordVariable = "FOURNINES_DB_PASSWORD"

// Main is the program "fournines platform db". It runs PostgreSQL until ctx is
// done or SIGTERM or SIGINT arrives, then ends it cleanly and returns nil. Log
// lines and usage go to stdout.
func Main(ctx context.Context, args []string, stdout io.Writer) error {
	c := Config{Password: os.Getenv(PasswordVariable)}
	var port uint
	flags := process.NewWatched("db", ":9090", "/-/live, /-/ready and /metrics", stdout)
	flags.UintVar(&port, "port", 5432, "PostgreSQL's `port`")
	flags.StringVar(&c.Data, "data", "/data", "`directory` that outlives the container")
	flags.StringVar(&c.Scratch, "scratch", "/scratch", "`directory` for sockets")
	flags.StringVar(&c.Binaries, "binaries", "/usr/lib/postgresql/15/bin", "`directory` of initdb and postgres")
	var backup vault.Client
	flags.StringVar(&backup.Admin, "backup", "", "base `URL` of the backup's admin port; without it there is no backup")
	flags.StringVar(&backup.Daemon, "backup-daemon", "backup:8730", "`host:port` of the backup's rsync daemon")
	flags.BoolVar(&c.Archive, "archive", true, "archive the log at the backup file by file, besides its stream")
	flags.Func("set", "a `parameter=value` of PostgreSQL, more than once; wins over the platform's own", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return fmt.Errorf("want parameter=value, saw %q", text)
		}
		c.Settings = append(c.Settings, Setting{name, value})
		return nil
	})
	if err := flags.Read(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if err := flags.CheckPort("port", port); err != nil {
		return err
	}
	if c.Password == "" {
		return fmt.Errorf("db: the environment has no %s, want the password of user %q", PasswordVariable, User)
	}
	if backup.Admin != "" {
		if backup.Password = os.Getenv(vault.PasswordVariable); backup.Password == "" {
			return fmt.Errorf("db: the environment has no %s, want the secret that the backup has too", vault.PasswordVariable)
		}
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find this program: %w", err)
		}
		c.Backup, c.Self = &backup, []string{self, "platform"}
	}
	c.Name, c.Port, c.Log = flags.Replica, uint16(port), flags.Log()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	var err error
	if c.Admin, err = flags.Listen(); err != nil {
		return err
	}
	return Run(ctx, c)
}
