// Package vault is what the reference platform's database and its backup say to
// each other: the names of files of the write-ahead log, what a restore is made
// of, and the client's side of archiving and restoring. The backup's side is
// package backup.
package vault

import "time"

const (
	// PasswordVariable is the environment variable that hands over the secret
	// that the database and its backup share: it opens the rsync daemon, and is
	// the password of User.
	PasswordVariable = "FOURNINES_BACKUP_PASSWORD"
	// User is who the backup is in the database, and who the database is to the
	// rsync daemon.
	User = "backup"
	// Slot is the replication slot that keeps what the backup has not received,
	// and Standby its name among the database's standbys.
	Slot, Standby = "backup", "backup"
)

// Modules of the rsync daemon.
const (
	// Incoming takes files of the log, and gives nothing.
	Incoming = "incoming"
	// Bases gives base backups, and takes nothing.
	Bases = "bases"
)

// Base is one base backup.
type Base struct {
	// Label is its name and folder.
	Label string `json:"label"`
	// Timeline and Start are where the log that it needs begins; it is
	// consistent from End on.
	Timeline uint32 `json:"timeline"`
	Start    LSN    `json:"start"`
	End      LSN    `json:"end"`
	// Began and Ended are when it was made, Bytes how large it is.
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended"`
	Bytes int64     `json:"bytes"`
	// Shared is how many of the bytes it shares with the base before it.
	Shared int64 `json:"shared"`
}

// Target is where a restore stops; the zero value is the end of the log.
type Target struct {
	Time *time.Time `json:"time,omitempty"`
	LSN  LSN        `json:"lsn,omitempty"`
	// Name is that of a restore point.
	Name string `json:"name,omitempty"`
}

// Plan says what the database is restored from.
type Plan struct {
	// System is the database's own identifier.
	System uint64 `json:"system,string"`
	Base   Base   `json:"base"`
	// AtLeast is a position that the backup is known to have received: a
	// restore to the end of the log that ends before it has lost something.
	AtLeast LSN    `json:"atLeast"`
	Target  Target `json:"target"`
}
