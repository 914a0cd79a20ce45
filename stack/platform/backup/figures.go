package backup

import (
	"time"

	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/vault"
)

// tasks are the values of the label of fournines_backup_failures_total, which
// is there from the start so that its growth can be seen.
var tasks = [...]string{"daemon", "stream", "wal", "base", "check", "drill", "restore"}

// figures are what the program keeps about itself. Ages are of this machine's
// clock; what never happened is as old as this process.
func (b *backup) figures() []telemetry.Figure {
	m := b.state.now()
	total, free := space(b.Data)
	age := func(at time.Time) float64 {
		if at.IsZero() {
			at = m.started
		}
		return time.Since(at).Seconds()
	}
	all := []telemetry.Figure{
		{Name: "fournines_backup_bases", Help: "Base backups that are kept.", Value: float64(b.countBases())},
		{Name: "fournines_backup_base_age_seconds", Help: "Age of the newest base backup; of this process when there is none.", Value: age(m.base.Ended)},
		{Name: "fournines_backup_base_duration_seconds", Help: "How long the newest base backup took.", Value: m.base.Ended.Sub(m.base.Began).Seconds()},
		{Name: "fournines_backup_base_bytes", Help: "Size of the newest base backup.", Value: float64(m.base.Bytes)},
		{Name: "fournines_backup_base_shared_bytes", Help: "What the newest base backup shares with the one before it.", Value: float64(m.base.Shared)},
		{Name: "fournines_backup_stream_connected", Help: "1 while the log is received as a stream, else 0.", Value: truth(m.stream)},
		{Name: "fournines_backup_source_up", Help: "1 while the database says how far its log is, else 0.", Value: truth(m.connected)},
		{Name: "fournines_backup_wal_archived_total", Help: "Files of the log that came into the archive.", Value: m.archived, Counter: true},
		{Name: "fournines_backup_wal_refused_total", Help: "Files of the log that were refused.", Value: m.refused, Counter: true},
		{Name: "fournines_backup_drills_total", Help: "Restores that were tried.", Value: m.drills, Counter: true},
		{Name: "fournines_backup_restore_verified", Help: "1 when the last restore that was tried gave what the database held, else 0.", Value: truth(m.drilled.Verified)},
		{Name: "fournines_backup_restore_verified_age_seconds", Help: "Time since a restore was verified; since the start of this process when none was.", Value: age(m.verified.Ended)},
		{Name: "fournines_backup_restore_verified_duration_seconds", Help: "How long the last verified restore took, without the comparing.", Value: m.verified.RestoreSeconds},
		{Name: "fournines_backup_restores_total", Help: "Restores of the database that were reported.", Value: m.restores, Counter: true},
		{Name: "fournines_backup_restore_duration_seconds", Help: "How long the last restore of the database took.", Value: m.restore.Seconds},
		{Name: "fournines_backup_check_age_seconds", Help: "Time since everything was compared with its sums.", Value: age(m.checkAt)},
		{Name: "fournines_backup_damaged_total", Help: "Base backups and files of the log that were found damaged and lost.", Value: m.damaged, Counter: true},
		{Name: "fournines_backup_repaired_total", Help: "Files of the log that were found damaged and repaired.", Value: m.repaired, Counter: true},
		{Name: "fournines_backup_wal_gaps_total", Help: "Checks that found the log incomplete.", Value: m.gapsSeen, Counter: true},
		{Name: "fournines_backup_volume_reflinks", Help: "1 when the volume lets files share blocks, else 0.", Value: truth(b.reflinks)},
		{Name: "fournines_backup_volume_bytes", Help: "Size of the volume.", Value: float64(total)},
		{Name: "fournines_backup_volume_free_bytes", Help: "What is free of the volume.", Value: float64(free)},
	}
	if m.connected {
		all = append(all,
			telemetry.Figure{Name: "fournines_backup_stream_lag_bytes", Help: "How far what was received as a stream is behind the database; absent while the database does not say.", Value: behind(m.progress.Written, m.progress.Received)},
			telemetry.Figure{Name: "fournines_backup_wal_archive_lag_bytes", Help: "How far the archive is behind the database, up to a file's size of which is normal; absent while the database does not say.", Value: behind(m.progress.Written, archivedUpTo(m))},
		)
	}
	for _, task := range tasks {
		all = append(all, telemetry.Figure{
			Name: "fournines_backup_failures_total", Help: "What failed, by task.",
			Value: m.failures[task], Counter: true, Labels: map[string]string{"task": task},
		})
	}
	return all
}

// archivedUpTo is the end of the archived log; before the first file its
// beginning is as good as the newest base's.
func archivedUpTo(m memory) vault.LSN {
	if s, ok := vault.ParseSegment(m.progress.Archived[:min(len(m.progress.Archived), len("000000010000000000000001"))]); ok {
		return max(s.End(), m.base.Start)
	}
	return m.base.Start
}

func behind(written, here vault.LSN) float64 {
	if here >= written {
		return 0
	}
	return float64(written - here)
}

func (b *backup) countBases() int {
	all, _ := b.listBases() // what cannot be listed does not count
	return len(all)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
