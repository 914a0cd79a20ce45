package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/shape"
)

func corrupt() Kind {
	return Kind{
		Action:  "corrupt",
		Summary: "damage some packets of a replica",
		Explain: "In a share of the packets one bit is turned. With checksum wrong the target's kernel notices and drops the packet, which is a loss that is counted as damage. " +
			"With checksum right the damage comes to the application, which nothing protects but what it checks itself; packets without data are dropped also then." + shapeScope,
		Method:  shapeMethod,
		Class:   NetworkShape,
		Proof:   "of connections that another container opens at the same time some are not answered, because a packet that opens one carries no data; and the agent has damaged packets",
		Undone:  shapeUndone + "; every connection is answered",
		Example: "{action: corrupt, target: {component: catalog, mode: one}, percent: 5%, checksum: wrong, at: 0s, duration: 10s}",
		Params: shapeParams(
			percentage("percent", 5, 100, "the share of packets that are damaged"),
			word("checksum", "wrong", "whether the checksum still is that of the undamaged packet (wrong) or made anew (right)", "wrong", "right"),
		),
		bind: func(b Binding) (harness.Fault, error) {
			p := shape.Plan{Corrupt: b.Values.Fraction("percent"), GoodChecksum: b.Values["checksum"] == "right", Distribution: shape.Uniform}
			return shaped("corrupt", b, p, silence("corrupted"), same)
		},
	}
}
