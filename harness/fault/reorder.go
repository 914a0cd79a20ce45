package fault

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/shape"
)

// heldMost is how long packets are held back at most that others overtake.
const heldMost = time.Second

func reorder() Kind {
	return Kind{
		Action:  "reorder",
		Summary: "let packets of a replica be overtaken",
		Explain: "A share of the packets, or every gap-th, is held back for a time while those behind it pass. All others keep their order." + shapeScope,
		Method:  shapeMethod,
		Class:   NetworkShape,
		Proof:   "of connections that another container opens at the same time some are answered later than any was before, and later by the delay than the quickest was",
		Undone:  shapeUndone,
		Example: "{action: reorder, target: {component: catalog, mode: one}, percent: 25%, delay: 50ms, at: 0s, duration: 10s}",
		Params: shapeParams(
			percentage("percent", 10, 100, "the share of packets that are held back; not used with a gap"),
			number("gap", 0, 0, 1000, "every gap-th packet is held back; 0 goes by percent"),
			span("delay", 50*time.Millisecond, time.Millisecond, heldMost, "how long they are held back"),
		),
		bind: func(b Binding) (harness.Fault, error) {
			p := shape.Plan{Gap: b.Values.Count("gap"), HoldBack: b.Values.Duration("delay"), Distribution: shape.Uniform}
			if p.Gap == 0 {
				p.Reorder = b.Values.Fraction("percent")
			}
			return shaped("reorder", b, p, overtaken, same)
		},
	}
}

func overtaken(s *shaping, before, now glance, kernel map[string]int64) (bool, string) {
	if before.answered == 0 {
		return kernel["overtaken"] > 0, "want packets that were overtaken"
	}
	// The quickest answer is the path without whatever else was slow that moment.
	want := max(before.most, before.least+s.plan.HoldBack*9/10)
	return now.most >= want && kernel["overtaken"] > 0, fmt.Sprintf("want a round trip of %s or more beside shorter ones", want.Round(time.Microsecond))
}
