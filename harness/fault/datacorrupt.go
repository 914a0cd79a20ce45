package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/volume"
)

func dataCorrupt() Kind {
	return Kind{
		Action:      "data-corrupt",
		Summary:     "change bytes of the database's largest table or index on disk",
		Explain:     "Some bytes of the largest file below the folder path become others, at positions that follow from seed. What the database has in its memory it does not read again until it starts anew.",
		Method:      "an agent with the database's volumes, as its user, writes to the file",
		Class:       Disk,
		Proof:       "another agent sees other bytes in the file",
		Undone:      "the bytes that were there are put back; bytes that the database has written since stay",
		Example:     "{action: data-corrupt, target: {component: db}, at: 0s, duration: 10s, bytes: 64}",
		DefaultMode: harness.All,
		Params: []Param{
			number("bytes", 64, 1, 4096, "how many bytes are changed"),
			number("seed", 1, 1, 1<<30, "which ones"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("data-corrupt", databaseComponent, b.Targets); err != nil {
				return nil, err
			}
			args := map[string]string{"path": "/data/cluster/base", "choose": volume.Largest, "match": "[0-9].*", "bytes": b.Values["bytes"], "seed": b.Values["seed"]}
			return chosen{action: "data-corrupt", effectName: "file-corrupt", args: args, effect: differs, gone: sameOrReplaced}.bind(b)
		},
	}
}
