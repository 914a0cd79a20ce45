package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/volume"
)

func walGap() Kind {
	return Kind{
		Action:      "wal-gap",
		Summary:     "take a file of the log out of the backup",
		Explain:     "The newest complete file of the write-ahead log goes from the archive and, where it is there too, from the stream. A restore from an older base backup would end before it.",
		Method:      "an agent with the backup's volumes, as its user, moves the files out of sight",
		Class:       Disk,
		Proof:       "another agent sees no such file",
		Undone:      "the files are put back unless there are new ones in their places",
		Example:     "{action: wal-gap, target: {component: backup}, at: 0s, duration: 20s}",
		DefaultMode: harness.All,
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("wal-gap", backupComponent, b.Targets); err != nil {
				return nil, err
			}
			args := map[string]string{"path": "/data", "choose": volume.Last, "match": segmentNames}
			return chosen{action: "wal-gap", effectName: "file-hide", args: args, effect: isMissing, gone: isBack}.bind(b)
		},
	}
}
