// Package db is the reference platform's database: Debian's PostgreSQL and the
// program that makes its data directory, runs it, and says how it is.
package db

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fournines/fournines/stack/platform/vault"
)

// Names inside the server.
const (
	// Database is where the shop's data is, and User who owns it.
	Database = "shop"
	User     = "shop"
	// superuser comes through the socket in this container only.
	superuser = "postgres"
)

// Config is what a server needs.
type Config struct {
	// Name is the replica's name.
	Name string
	// Admin is the listener of /-/live, /-/ready and /metrics.
	Admin net.Listener
	// Data is a directory that outlives the container, Scratch one for sockets
	// that need not. Both are this server's alone.
	Data, Scratch string
	// Binaries is where initdb and postgres are.
	Binaries string
	// Port is PostgreSQL's.
	Port uint16
	// Password is that of User.
	Password string
	// Backup is where the log goes and the data directory is restored from; nil
	// for a database without a backup.
	Backup *vault.Client
	// Archive is false where the log goes to the backup as a stream only.
	Archive bool
	// Self is the command line of "fournines platform"; only with a Backup.
	Self []string
	// Settings are parameters of PostgreSQL that win over the platform's own.
	Settings []Setting
	// Log receives PostgreSQL's lines too.
	Log *slog.Logger
}

// Setting is one parameter of PostgreSQL.
type Setting struct{ Name, Value string }

// cluster is PostgreSQL's data directory.
func (c Config) cluster() string { return filepath.Join(c.Data, "cluster") }

// settings are all parameters; a later one wins over an earlier one of the
// same name.
func (c Config) settings() []Setting {
	return slices.Concat([]Setting{
		{"listen_addresses", "*"},
		{"port", fmt.Sprint(c.Port)},
		{"unix_socket_directories", c.Scratch},
		{"unix_socket_permissions", "0700"},
		// Three replicas of orders with ten connections each, and those who
		// watch and back up.
		{"max_connections", "60"},
		{"shared_buffers", "64MB"},
		{"max_wal_size", "256MB"},
		// What was acknowledged is on disk: these are the defaults, and the
		// platform's promise rests on them.
		{"fsync", "on"},
		{"full_page_writes", "on"},
		{"synchronous_commit", "on"},
		{"wal_level", "replica"},
		// A client that is gone must not hold locks or a connection.
		{"idle_in_transaction_session_timeout", "5s"},
		{"tcp_keepalives_idle", "5"},
		{"tcp_keepalives_interval", "1"},
		{"tcp_keepalives_count", "3"},
		{"client_connection_check_interval", "1s"},
		{"password_encryption", "scram-sha-256"},
		{"jit", "off"},
		{"log_timezone", "UTC"},
		{"timezone", "UTC"},
		{"log_line_prefix", linePrefix},
		{"log_min_duration_statement", "500ms"},
	}, c.backupSettings(), c.Settings)
}

// access is who may connect: the shop's user from the run's own network with
// its password, the backup's likewise, and the superuser
// from this container's own user.
func access() string {
	return strings.Join([]string{
		"# Written at every start.",
		"local all " + superuser + " peer map=own",
		"host " + Database + " " + User + " samenet scram-sha-256",
		"host replication,postgres," + Database + " " + vault.User + " samenet scram-sha-256",
		"",
	}, "\n")
}

// identity maps this process's user to the superuser.
func identity(systemUser string) string {
	return "# Written at every start.\nown " + systemUser + " " + superuser + "\n"
}

// configure writes PostgreSQL's configuration anew, so that a restart and a
// restored data directory have this Config's and not an older one's.
func (c Config) configure(systemUser string) error {
	var lines strings.Builder
	fmt.Fprintf(&lines, "# Written at every start.\ninclude_if_exists = '%s'\ninclude_if_exists = '%s'\n", standbyFile, restoreFile)
	for _, s := range c.settings() {
		fmt.Fprintf(&lines, "%s = '%s'\n", s.Name, strings.ReplaceAll(s.Value, "'", "''"))
	}
	if err := c.waitFor(""); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"postgresql.conf": lines.String(), "pg_hba.conf": access(), "pg_ident.conf": identity(systemUser),
	} {
		if err := os.WriteFile(filepath.Join(c.cluster(), name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("configure the database: %w", err)
		}
	}
	return nil
}
