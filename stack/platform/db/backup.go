package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/fournines/fournines/stack/platform/vault"
)

// standbyFile has the standbys that PostgreSQL waits for; it changes while the
// server runs.
const standbyFile = "standby.conf"

// backupSettings have PostgreSQL give its log to the backup: as files, and as
// a stream that is kept for it up to a limit while it is away.
func (c Config) backupSettings() []Setting {
	if c.Backup == nil {
		return nil
	}
	all := []Setting{
		{"max_wal_senders", "10"},
		{"max_replication_slots", "4"},
		{"max_slot_wal_keep_size", "1GB"},
		// A backup that hangs must be found out.
		{"wal_sender_timeout", "3s"},
	}
	if c.Archive {
		all = append(all, Setting{"archive_mode", "on"}, Setting{"archive_command", c.Backup.ArchiveCommand(c.Self)}, Setting{"archive_timeout", "60s"})
	}
	return all
}

// waitFor writes which standbys an acknowledgement waits for: the server reads
// it when it starts or is told to.
func (c Config) waitFor(standby string) error {
	path := filepath.Join(c.cluster(), standbyFile)
	line := fmt.Sprintf("synchronous_standby_names = '%s'\n", standby)
	if err := errors.Join(os.WriteFile(path+".new", []byte(line), 0o600), os.Rename(path+".new", path)); err != nil {
		return fmt.Errorf("say which standby is waited for: %w", err)
	}
	return nil
}

// ensureBackup makes the backup's user, who may read everything and receive
// the log, and write nothing, and the slot that keeps the log for it.
func (w *watcher) ensureBackup(ctx context.Context, password string) error {
	var has bool
	if err := w.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", vault.User).Scan(&has); err != nil {
		return err
	}
	user := pgx.Identifier{vault.User}.Sanitize()
	if !has {
		if _, err := w.pool.Exec(ctx, "CREATE ROLE "+user+" LOGIN REPLICATION"); err != nil {
			return err
		}
		for _, grant := range []string{"pg_read_all_data", "pg_monitor", "EXECUTE ON FUNCTION pg_create_restore_point(text)"} {
			if _, err := w.pool.Exec(ctx, "GRANT "+grant+" TO "+user); err != nil {
				return err
			}
		}
	}
	var alter string
	if err := w.pool.QueryRow(ctx, "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", vault.User, password).Scan(&alter); err != nil {
		return err
	}
	if _, err := w.pool.Exec(ctx, alter); err != nil {
		return err
	}
	return w.ensureSlot(ctx)
}

// ensureSlot makes the slot, anew when it has lost what it was to keep. It
// keeps the log from now on.
func (w *watcher) ensureSlot(ctx context.Context) error {
	if _, err := w.pool.Exec(ctx, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost' AND NOT active", vault.Slot); err != nil {
		return err
	}
	_, err := w.pool.Exec(ctx, "SELECT pg_create_physical_replication_slot($1, true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)", vault.Slot)
	return err
}
