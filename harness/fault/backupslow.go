package fault

import "github.com/fournines/fournines/harness"

func backupSlow() Kind {
	kind := bandwidthLimit()
	bindRate := kind.bind
	kind.Action, kind.Summary = "backup-slow", "hold the backup's network to a rate"
	kind.Explain = "What the backup sends and receives passes no faster than the rate: the log arrives late, and commits that wait for it are slow until the database stops waiting. " + kind.Explain
	kind.Example = "{action: backup-slow, target: {component: backup}, rate: 1Mbit, direction: in, at: 0s, duration: 10s}"
	kind.DefaultMode = harness.All
	kind.bind = func(b Binding) (harness.Fault, error) {
		if err := ofComponent("backup-slow", backupComponent, b.Targets); err != nil {
			return nil, err
		}
		return bindRate(b)
	}
	return kind
}
