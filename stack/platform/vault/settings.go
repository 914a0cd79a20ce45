package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Setting is one parameter of PostgreSQL.
type Setting struct{ Name, Value string }

// ArchiveCommand is PostgreSQL's archive_command. self is the command line of
// "fournines platform".
func (c Client) ArchiveCommand(self []string) string {
	return c.command(self, "wal-push") + ` %p`
}

// RestoreCommand is PostgreSQL's restore_command. A code above 128 ends a
// recovery: a backup that does not answer is not the end of the log.
func (c Client) RestoreCommand(self []string) string {
	return c.command(self, "wal-fetch") + ` %f %p || exit 200`
}

func (c Client) command(self []string, program string) string {
	quoted := make([]string, len(self))
	for i, word := range self {
		quoted[i] = "'" + strings.NewReplacer("'", `'\''`, "%", "%%").Replace(word) + "'"
	}
	return fmt.Sprintf("%s %s --admin %s --daemon %s", strings.Join(quoted, " "), program, c.Admin, c.Daemon)
}

// signal is the file whose presence makes PostgreSQL recover from an archive,
// until it has.
const signal = "recovery.signal"

// BeginRecovery makes a copy of a base backup recover at its next start, with
// Recovery's settings.
func BeginRecovery(cluster string) error {
	if err := os.WriteFile(filepath.Join(cluster, signal), nil, 0o600); err != nil {
		return fmt.Errorf("have %q recover: %w", cluster, err)
	}
	return nil
}

// Recovering reports whether a cluster has begun a recovery from an archive
// and not reached its end.
func Recovering(cluster string) (bool, error) {
	_, err := os.Stat(filepath.Join(cluster, signal))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// serverTime is how PostgreSQL takes a time in its configuration: it knows no
// names of zones there, and Z is one.
const serverTime = "2006-01-02 15:04:05.999999+00"

// Recovery are the settings with which a cluster recovers up to the target;
// then is recovery_target_action.
func (c Client) Recovery(self []string, target Target, then string) []Setting {
	all := []Setting{
		{"restore_command", c.RestoreCommand(self)},
		{"recovery_target_timeline", "latest"},
	}
	switch {
	case target.Name != "":
		all = append(all, Setting{"recovery_target_name", target.Name}, Setting{"recovery_target_action", then})
	case target.LSN != 0:
		all = append(all, Setting{"recovery_target_lsn", target.LSN.String()}, Setting{"recovery_target_action", then})
	case target.Time != nil:
		all = append(all, Setting{"recovery_target_time", target.Time.UTC().Format(serverTime)}, Setting{"recovery_target_action", then})
	}
	return all
}
