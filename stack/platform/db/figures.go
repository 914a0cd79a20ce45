package db

import (
	"context"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// figuresQuery has one row. What counts the log is in bytes since the cluster
// was made; an age is null when nothing of its kind has happened.
const figuresQuery = `
SELECT pg_is_in_recovery(),
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = $1),
  (SELECT setting::float8 FROM pg_settings WHERE name = 'max_connections'),
  d.xact_commit, d.xact_rollback, d.deadlocks, pg_database_size($1),
  pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0')::float8,
  (SELECT count(*) FROM pg_ls_waldir()),
  (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'),
  a.archived_count, a.failed_count, extract(epoch FROM a.last_archived_time)::float8,
  (SELECT count(*) FROM pg_stat_replication),
  (SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn))::float8 FROM pg_stat_replication WHERE NOT pg_is_in_recovery()),
  extract(epoch FROM pg_postmaster_start_time())::float8,
  (SELECT sum(checksum_failures)::float8 FROM pg_stat_database)
FROM pg_stat_archiver a, pg_stat_database d WHERE d.datname = $1`

// figures reads the server's own statistics; of one that does not answer there
// is only that it does not.
func (w *watcher) figures() []telemetry.Figure {
	ctx, cancel := context.WithTimeout(context.Background(), figuresLimit)
	defer cancel()
	up := telemetry.Figure{Name: "fournines_db_up", Help: "1 when the database answers queries, else 0."}
	var recovering bool
	var connections, commits, rollbacks, deadlocks, size, segments, waiting, archived, failed, standbys int64
	var most, written, started float64
	var archivedAt, lag, checksums *float64
	err := w.pool.QueryRow(ctx, figuresQuery, Database).Scan(&recovering, &connections, &most, &commits, &rollbacks, &deadlocks, &size,
		&written, &segments, &waiting, &archived, &failed, &archivedAt, &standbys, &lag, &started, &checksums)
	if err != nil {
		return []telemetry.Figure{up}
	}
	up.Value = 1
	all := []telemetry.Figure{up,
		{Name: "fournines_db_in_recovery", Help: "1 while the database replays a log and takes no writes.", Value: truth(recovering)},
		{Name: "fournines_db_connections", Help: "Connections of clients.", Value: float64(connections)},
		{Name: "fournines_db_connections_limit", Help: "Connections that there may be.", Value: most},
		{Name: "fournines_db_commits_total", Help: "Transactions that were committed.", Value: float64(commits), Counter: true},
		{Name: "fournines_db_rollbacks_total", Help: "Transactions that were rolled back.", Value: float64(rollbacks), Counter: true},
		{Name: "fournines_db_deadlocks_total", Help: "Deadlocks that were found.", Value: float64(deadlocks), Counter: true},
		{Name: "fournines_db_size_bytes", Help: "Size of the shop's database.", Value: float64(size)},
		{Name: "fournines_db_wal_bytes_total", Help: "Position in the write-ahead log, written or replayed.", Value: written, Counter: true},
		{Name: "fournines_db_wal_files", Help: "Files of the write-ahead log on disk.", Value: float64(segments)},
		{Name: "fournines_db_wal_waiting_files", Help: "Files of the write-ahead log that wait to be archived.", Value: float64(waiting)},
		{Name: "fournines_db_wal_archived_total", Help: "Files of the write-ahead log that were archived.", Value: float64(archived), Counter: true},
		{Name: "fournines_db_wal_archive_failures_total", Help: "Attempts to archive that failed.", Value: float64(failed), Counter: true},
		{Name: "fournines_db_standbys", Help: "Who receives the write-ahead log as a stream.", Value: float64(standbys)},
		{Name: "fournines_db_start_time_seconds", Help: "When PostgreSQL started, since the epoch.", Value: started},
	}
	for _, f := range []struct {
		value *float64
		telemetry.Figure
	}{
		{archivedAt, telemetry.Figure{Name: "fournines_db_wal_archived_time_seconds", Help: "When a file was archived last, since the epoch; absent before the first."}},
		{lag, telemetry.Figure{Name: "fournines_db_replication_lag_bytes", Help: "How far the slowest receiver is behind; absent without receivers."}},
		{checksums, telemetry.Figure{Name: "fournines_db_checksum_failures_total", Help: "Damaged pages that were read.", Counter: true}},
	} {
		if f.value != nil {
			f.Value = *f.value
			all = append(all, f.Figure)
		}
	}
	return all
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
