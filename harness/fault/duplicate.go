package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/shape"
)

func duplicate() Kind {
	return Kind{
		Action:  "duplicate",
		Summary: "deliver some packets of a replica twice",
		Explain: "A share of the packets arrives twice, both right behind each other. TCP sorts that out; what uses UDP has to." + shapeScope,
		Method:  shapeMethod + "; the copy is made by a rule",
		Class:   NetworkShape,
		Proof:   "the kernel's counter of doubled packets grows while another container opens connections, which are all answered",
		Undone:  shapeUndone,
		Example: "{action: duplicate, target: {component: catalog, mode: one}, percent: 10%, at: 0s, duration: 10s}",
		Params:  shapeParams(percentage("percent", 10, 100, "the share of packets that arrive twice")),
		bind: func(b Binding) (harness.Fault, error) {
			return shaped("duplicate", b, shape.Plan{Duplicate: b.Values.Fraction("percent"), Distribution: shape.Uniform},
				func(_ *shaping, _, _ glance, kernel map[string]int64) (bool, string) {
					return kernel["doubled"] > 0, "want packets that the kernel doubled"
				}, same)
		},
	}
}

// same is for faults that no round trip shows when nothing is silent.
func same(*shaping, glance, glance) bool { return true }
