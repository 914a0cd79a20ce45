package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

func fileCorrupt() Kind {
	return Kind{
		Action:  "file-corrupt",
		Summary: "change bytes of a file in a replica's volume",
		Explain: "Some bytes of the file path become others, at positions that follow from seed; its size, mode, owner and time stay. A program that has the bytes in its memory does not notice until it reads them again.",
		Method:  "an agent with the target's volumes, as the target's user, writes to the file",
		Class:   Disk,
		Proof:   "another agent sees other bytes in the file",
		Undone:  "the bytes that were there are put back, and the file's time; another agent sees the file as before. Bytes that the target has written since stay, and so does its time then. A target that ended of it is started again, and is ready",
		Example: "{action: file-corrupt, target: {component: etcd, mode: one}, at: 0s, path: /data/etcd/member/snap/db, bytes: 64}",
		Params: []Param{
			pathParam("/data/etcd/member/snap/db", "the file"),
			number("bytes", 64, 1, 4096, "how many bytes are changed"),
			number("seed", 1, 1, 1<<30, "which ones"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			return volumeHold{
				action: "file-corrupt", path: b.Values["path"],
				args:   map[string]string{"bytes": b.Values["bytes"], "seed": b.Values["seed"]},
				effect: func(before, now agent.Seen) (bool, string) { return now.Detail != before.Detail, "the bytes as before" },
				gone:   sameFile,
			}.bindVolume(b)
		},
	}
}
