package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

func fileTruncate() Kind {
	return Kind{
		Action:  "file-truncate",
		Summary: "cut off the end of a file in a replica's volume",
		Explain: "The file path ends after to bytes; what is cut off, 256 MiB at most, is kept in a hidden file beside it. A program that has the file open goes on writing where it was; one that has mapped it, as etcd and its snap/db, is killed when it looks behind the cut.",
		Method:  "an agent with the target's volumes, as the target's user, cuts the file",
		Class:   Disk,
		Proof:   "another agent sees the file shorter than before",
		Undone:  "what was cut off is put back, and the file's time; another agent sees the file as before. What the target has written behind the cut since stays, and so does its time then. A target that ended of it, as one that has mapped the file does, is started again, and is ready",
		Example: "{action: file-truncate, target: {component: etcd, mode: one}, at: 0s, path: /data/etcd/member/snap/db, to: 4KiB}",
		Params:  []Param{pathParam("/data/etcd/member/snap/db", "the file"), size("to", "4KiB", "4KiB", "how much of it is left")},
		bind: func(b Binding) (harness.Fault, error) {
			return volumeHold{
				action: "file-truncate", path: b.Values["path"],
				args: map[string]string{"to": fmt.Sprint(b.Values.Size("to"))},
				effect: func(before, now agent.Seen) (bool, string) {
					return now.Counters["size"] < before.Counters["size"], fmt.Sprintf("%d bytes, before it %d", now.Counters["size"], before.Counters["size"])
				},
				gone: sameFile,
			}.bindVolume(b)
		},
	}
}
