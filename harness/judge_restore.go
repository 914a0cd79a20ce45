package harness

import "time"

const (
	// verifiedRestore is the check of Limits.VerifiedRestore.
	verifiedRestore = "verifiedRestore"
	// backupSource is who says how restores went.
	backupSource = "backup"
)

// verified is the first restore that was verified at or after the fault. Only
// the backup's own word is one.
func verified() milestone {
	is := func(kind Kind) func(Evidence, time.Duration) int {
		return func(ev Evidence, from time.Duration) int {
			return firstOf(ev, from, func(s Signal) bool { return s.Kind == kind })
		}
	}
	return milestone{
		check: verifiedRestore, source: backupSource, reached: is(RestoreVerified), failed: is(RestoreFailed),
		clause: "a restore was verified %s, counted from the fault", missing: "no restore was verified",
		nobody: "nobody on this stack says whether a restore was verified", needs: "a stack whose backup says how its restores went",
	}
}
