// Package backup is the reference platform's backup target. It receives the
// database's write-ahead log twice, as files through an rsync daemon and as a
// stream, makes base backups, keeps and checks them, gives them back, and proves
// by restoring one that they are good.
package backup

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Config is what a backup target needs.
type Config struct {
	// Name is the replica's name.
	Name string
	// Admin is the listener of /-/live, /-/ready, /metrics and the API.
	Admin net.Listener
	// DaemonPort is the rsync daemon's.
	DaemonPort uint16
	// Data is a directory that outlives the container, Scratch one for sockets
	// and configuration that need not. Both are this program's alone.
	Data, Scratch string
	// Binaries is where PostgreSQL's programs are.
	Binaries string
	// Self is the command line of "fournines platform".
	Self []string
	// Source is the database's host:port, and Database the one that a drill
	// compares.
	Source, Database string
	// Password opens the rsync daemon and the database.
	Password string
	// Every is how often a base backup is made, Keep how many are kept.
	Every time.Duration
	Keep  int
	// Check is how often everything that is kept is read and compared with its
	// sums; Drill how often a restore is tried; 0 is never.
	Check, Drill time.Duration
	// Stream is false where the log is not received as a stream.
	Stream bool
	Log    *slog.Logger
}

// Folders below Data. What begins with a dot is not finished.
func (c Config) incoming() string { return filepath.Join(c.Data, "incoming") }
func (c Config) archive() string  { return filepath.Join(c.Data, "archive") }
func (c Config) streams() string  { return filepath.Join(c.Data, "stream") }
func (c Config) bases() string    { return filepath.Join(c.Data, "base") }
func (c Config) drills() string   { return filepath.Join(c.Data, "drill") }

// folders makes the folders.
func (c Config) folders() error {
	for _, folder := range []string{c.incoming(), c.archive(), c.streams(), c.bases(), c.drills()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	return nil
}

// program is the path of one of PostgreSQL's programs.
func (c Config) program(name string) string { return filepath.Join(c.Binaries, name) }

// environment is that of the programs that are run; no list of processes shows
// it.
func (c Config) environment(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=" + c.Scratch}, more...)
}
