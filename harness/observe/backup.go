package observe

import (
	"time"

	"github.com/fournines/fournines/harness"
)

// Backup asks the platform's backup every interval for what it backed up and
// tried to restore (GET /-/transitions?after=N), and emits backed-up,
// restore-verified and restore-failed with the backup's own time and the source
// "backup". What it did before the observation began is no signal.
//
// A backup that was started again counts from 1 again; what its new process
// reports is emitted from its beginning. It keeps its last 1024 transitions:
// more than that within one interval are lost.
func Backup(admin func() (string, bool), every time.Duration) harness.Observer {
	return backup(newSource(admin), every)
}

func backup(s source, every time.Duration) *teller {
	return &teller{
		source: s, name: "backup", what: "backup", every: every,
		kinds: []harness.Kind{harness.BackedUp, harness.RestoreVerified, harness.RestoreFailed},
	}
}
