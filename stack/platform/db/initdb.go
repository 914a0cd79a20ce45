package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// ensureCluster makes the data directory at the first start. A start that was
// killed meanwhile left nothing that looks finished.
func (c Config) ensureCluster(ctx context.Context) error {
	_, err := os.Stat(filepath.Join(c.cluster(), "PG_VERSION"))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	start := time.Now()
	unfinished := c.cluster() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove an unfinished data directory: %w", err)
	}
	// Nothing has been acknowledged yet: what a crash of the machine takes now
	// is made again at the next start.
	cmd := exec.CommandContext(ctx, filepath.Join(c.Binaries, "initdb"), "--pgdata", unfinished,
		"--username", superuser, "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-sync",
		"--auth-local", "peer", "--auth-host", "scram-sha-256", "--no-instructions")
	cmd.Env = environment()
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the data directory %q: initdb: %w; it said:\n%s", unfinished, err, strings.TrimSpace(string(said)))
	}
	if err := os.Rename(unfinished, c.cluster()); err != nil {
		return fmt.Errorf("put the data directory in place: %w", err)
	}
	c.Log.Info("made the data directory", "directory", c.cluster(), "took", time.Since(start).String())
	return nil
}

// environment is that of PostgreSQL's programs: the password is not in it.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
}
