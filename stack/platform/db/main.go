package db

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/fournines/fournines/stack/platform/telemetry"
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
	var level slog.Level
	var admin string
	var port uint
	flags := flag.NewFlagSet("db", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.StringVar(&c.Name, "name", "db", "the replica's `name`")
	flags.UintVar(&port, "port", 5432, "PostgreSQL's `port`")
	flags.StringVar(&admin, "admin", ":9090", "`address` of /-/live, /-/ready and /metrics")
	flags.StringVar(&c.Data, "data", "/data", "`directory` that outlives the container")
	flags.StringVar(&c.Scratch, "scratch", "/scratch", "`directory` for sockets")
	flags.StringVar(&c.Binaries, "binaries", "/usr/lib/postgresql/15/bin", "`directory` of initdb and postgres")
	flags.TextVar(&level, "log-level", slog.LevelInfo, "lowest `level` to log: debug, info, warn or error")
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
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return fmt.Errorf("read the flags of db: %w", err)
	case flags.NArg() > 0:
		return fmt.Errorf("db: unexpected arguments %q, want flags only", flags.Args())
	case port == 0 || port > 65535:
		return fmt.Errorf("db: --port is %d, want 1 to 65535", port)
	case c.Password == "":
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
	c.Port = uint16(port)
	c.Log = telemetry.NewLogger(stdout, level, "db", c.Name)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, os.Interrupt)
	defer stop()
	var err error
	if c.Admin, err = net.Listen("tcp", admin); err != nil {
		return fmt.Errorf("listen for admin on %q: %w", admin, err)
	}
	return Run(ctx, c)
}
