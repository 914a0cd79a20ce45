package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/volume"
)

func backupCorrupt() Kind {
	return Kind{
		Action:      "backup-corrupt",
		Summary:     "change bytes of what is kept in the backup",
		Explain:     "Some bytes become others, at positions that follow from seed: in the largest file of the base backups, or in the newest file of the archived log. Size and time of the file stay, so that only its sum tells.",
		Method:      "an agent with the backup's volumes, as its user, writes to the file",
		Class:       Disk,
		Proof:       "another agent sees other bytes in the file",
		Undone:      "the bytes that were there are put back unless the backup has dropped or repaired the file",
		Example:     "{action: backup-corrupt, target: {component: backup}, at: 0s, duration: 20s, what: base, bytes: 64}",
		DefaultMode: harness.All,
		Params: []Param{
			word("what", "base", "what is damaged: a base backup, or the archived log", "base", "archive"),
			number("bytes", 64, 1, 4096, "how many bytes are changed"),
			number("seed", 1, 1, 1<<30, "which ones"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("backup-corrupt", backupComponent, b.Targets); err != nil {
				return nil, err
			}
			args := map[string]string{"path": "/data/base", "choose": volume.Largest, "match": ".*", "bytes": b.Values["bytes"], "seed": b.Values["seed"]}
			if b.Values["what"] == "archive" {
				args["path"], args["choose"], args["match"] = "/data/archive", volume.Last, segmentNames
			}
			return chosen{action: "backup-corrupt", effectName: "file-corrupt", args: args, effect: differs, gone: sameOrReplaced}.bind(b)
		},
	}
}

// sameOrReplaced reports whether a file is as before, or is not the one that
// was damaged any more: its target dropped it or put a good one in its place.
func sameOrReplaced(before, now agent.Seen) (bool, string) {
	if now.Counters["missing"] == 1 {
		return true, ""
	}
	return sameFile(before, now)
}
