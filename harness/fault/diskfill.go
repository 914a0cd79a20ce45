package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

func diskFill() Kind {
	return Kind{
		Action:  "disk-fill",
		Summary: "fill a replica's volume",
		Explain: "A hidden file in the folder path takes space until the volume's file system is full to percent for the target's user. Only a volume that is a file system of its own is filled, of at most 16 GiB: one that is a folder on the machine's disk is refused, because filling that would not be a fault of the target.",
		Method:  "an agent with the target's volumes, as the target's user, reserves space for a file",
		Class:   Disk,
		Proof:   "another agent sees the file system that full; at 100% a write by the target's user is refused for want of space",
		Undone:  "the file is removed, and another agent sees the space free again, but for what the target has written since. A target that ended of it is started again, and is ready",
		Example: "{action: disk-fill, target: {component: etcd, mode: one}, at: 0s, path: /data, percent: 100%}",
		Params:  []Param{pathParam("/data", "a folder in the volume"), percentage("percent", 100, 100, "how full the file system gets")},
		bind: func(b Binding) (harness.Fault, error) {
			share := b.Values.Fraction("percent")
			return volumeHold{
				action: "disk-fill", path: b.Values["path"],
				args: map[string]string{"percent": fmt.Sprint(share * 100)},
				effect: func(_, now agent.Seen) (bool, string) {
					free, total := now.Counters["free"], now.Counters["total"]
					full := float64(total-free) >= float64(total)*share-4096
					return full && (share < 1 || now.Counters["refused"] == 1), fmt.Sprintf("%d of %d bytes free, %d writes refused", free, total, now.Counters["refused"])
				},
				gone: func(before, now agent.Seen) (bool, string) {
					taken := int64(float64(now.Counters["total"])*share) - (before.Counters["total"] - before.Counters["free"])
					return now.Counters["refused"] == 0 && now.Counters["free"] >= before.Counters["free"]-taken/2,
						fmt.Sprintf("%d bytes free, before it were %d", now.Counters["free"], before.Counters["free"])
				},
			}.bindVolume(b)
		},
	}
}
