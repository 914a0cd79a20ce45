package fault

import "github.com/fournines/fournines/harness"

// The faults of what a database is restored from. Nobody who uses the stack
// may notice any of them, and somebody who runs it has to.

// backupComponent is what the backup is called in a stack, databaseComponent
// what it is the backup of.
const (
	backupComponent   = "backup"
	databaseComponent = "db"
)

// segmentNames are those of complete files of PostgreSQL's write-ahead log.
const segmentNames = "[0-9A-F]{24}"

func backupOutage() Kind {
	return Kind{
		Action:      "backup-outage",
		Summary:     "take the backup away: it dies, or hangs",
		Explain:     "The backup's container is killed, or frozen: connections stay open then and nothing answers, which is harder to find out. Nothing is archived, received or checked meanwhile; what is written is in one place only.",
		Method:      "the container engine kills or freezes the container",
		Class:       ProcessDown,
		Proof:       "the container has exited, or is paused, and its readiness check is not answered",
		Undone:      "the container is started or unpaused unless something else did so already, and is ready",
		Example:     "{action: backup-outage, target: {component: backup}, at: 0s, duration: 10s, how: kill}",
		DefaultMode: harness.All,
		Params:      []Param{word("how", "kill", "how it goes: killed, or frozen", "kill", "hang")},
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("backup-outage", backupComponent, b.Targets); err != nil {
				return nil, err
			}
			if b.Values["how"] == "kill" {
				return stopAll("backup-outage", holdsReplica)(b)
			}
			pausers, err := able[Pauser]("backup-outage", b.Targets)
			if err != nil {
				return nil, err
			}
			return freeze("backup-outage", pausers), nil
		},
	}
}
