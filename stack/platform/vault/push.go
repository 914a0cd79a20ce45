package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// pushLimit bounds the archiving of one file; PostgreSQL tries again.
const pushLimit = 20 * time.Second

// Push sends a file of the log to the backup with rsync, and returns nil once
// the backup has confirmed that it is in the archive, on disk. A file of that
// name that is there already and has other bytes is an error, and stays.
func (c Client) Push(ctx context.Context, path string) error {
	name := filepath.Base(path)
	if !IsLogFile(name) {
		return fmt.Errorf("archive %q: want a file of the write-ahead log", name)
	}
	ctx, cancel := context.WithTimeout(ctx, pushLimit)
	defer cancel()
	sum, err := sumOf(path)
	if err != nil {
		return fmt.Errorf("archive %q: %w", name, err)
	}
	if err := c.rsync(ctx, "--fsync", "--whole-file", path, c.remote(Incoming)+"/"); err != nil {
		return fmt.Errorf("archive %q: %w", name, err)
	}
	return c.Confirm(ctx, name, sum)
}

// FetchBase copies a base backup into folder, which is made.
func (c Client) FetchBase(ctx context.Context, label, folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("fetch base backup %q: %w", label, err)
	}
	if err := c.rsync(ctx, "--recursive", "--links", "--perms", "--times", "--whole-file", c.remote(Bases)+"/"+label+"/", folder+"/"); err != nil {
		return fmt.Errorf("fetch base backup %q: %w", label, err)
	}
	return nil
}

func (c Client) remote(module string) string {
	return "rsync://" + User + "@" + c.Daemon + "/" + module
}

func (c Client) rsync(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "rsync", append([]string{"--contimeout=3", "--timeout=10"}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "RSYNC_PASSWORD=" + c.Password}
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rsync: %w; it said: %s", err, strings.TrimSpace(string(said)))
	}
	return nil
}

func sumOf(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
