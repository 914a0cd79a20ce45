package vault

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// fetchLimit bounds the fetching of one file of the log.
const fetchLimit = 20 * time.Second

// PushMain is the program "fournines platform wal-push", PostgreSQL's
// archive_command: it archives the one file that it is given.
func PushMain(ctx context.Context, args []string, stdout io.Writer) error {
	c, rest, err := parse("wal-push", args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case len(rest) != 1:
		return fmt.Errorf("wal-push: want the path of one file, saw %q", rest)
	}
	return c.Push(ctx, rest[0])
}

// FetchMain is the program "fournines platform wal-fetch", PostgreSQL's
// restore_command: it writes the file of the log that is named first to the
// path that is named second. A file that the backup does not have is no error:
// there is none at the path then, and PostgreSQL takes that for the end of the
// log. It must not take anything else for that (see RestoreCommand).
func FetchMain(ctx context.Context, args []string, stdout io.Writer) error {
	c, rest, err := parse("wal-fetch", args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	case len(rest) != 2 || !IsLogFile(rest[0]):
		return fmt.Errorf("wal-fetch: want the name of a file of the log and a path, saw %q", rest)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	in, err := c.Log(ctx, rest[0])
	if errors.Is(err, ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	// A file that is cut off must not look like one.
	unfinished := filepath.Join(filepath.Dir(rest[1]), ".fetched-"+rest[0])
	out, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("wal-fetch: %w", err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("fetch %q: %w", rest[0], err)
	}
	return os.Rename(unfinished, rest[1])
}

func parse(program string, args []string, usage io.Writer) (Client, []string, error) {
	c := Client{Password: os.Getenv(PasswordVariable)}
	flags := flag.NewFlagSet(program, flag.ContinueOnError)
	flags.SetOutput(usage)
	flags.StringVar(&c.Admin, "admin", "http://backup:9090", "base `URL` of the backup's admin port")
	flags.StringVar(&c.Daemon, "daemon", "backup:8730", "`host:port` of the rsync daemon")
	err := flags.Parse(args)
	return c, flags.Args(), err
}
