package fault

import "github.com/fournines/fournines/harness"

func ioStall() Kind {
	return Kind{
		Action:  "io-stall",
		Summary: "let a replica's reads and writes of its disk hang",
		Explain: "What each target reads from the disk or writes to it does not come to an end while the fault lasts, but for a few hundred bytes in each second: as with a disk that is dying, or a network disk that is gone. A process that waits for it cannot even be killed." + ioKept,
		Method:  ioMethod,
		Class:   Disk,
		Proof:   "the limit is in the kernel's file, read from outside of the agent, and a process in the target's control group has waited for two seconds for a write of one block past the page cache (O_DIRECT)",
		Undone:  ioUndone,
		Example: "{action: io-stall, target: {component: etcd, mode: one}, at: 0s, path: /data, duration: 10s}",
		Params:  []Param{pathParam("/data", "a folder in the volume")},
		bind: func(b Binding) (harness.Fault, error) {
			return ioHold("io-stall", b, map[string]string{})
		},
	}
}
