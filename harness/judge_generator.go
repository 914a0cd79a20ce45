package harness

import (
	"fmt"

	"github.com/fournines/fournines/harness/figure"
)

// nearLimit is the share of a bound of the load generator above which its
// health is said.
const nearLimit = 0.5

// judgeGenerator warns when the load generator kept its schedule, but came near
// the bound beyond which the trial would be no evidence. It decides nothing. ok
// is false when there is nothing to say.
func judgeGenerator(t judged) (f Finding, ok bool) {
	g := t.m.Generator
	f = Finding{Check: "generator", Advisory: true, Outcome: Inconclusive, Code: GeneratorSaturated, Needs: "a lower rate, or a machine with less to do"}
	if text := g.Robbed(); text != "" {
		f.Needs = "a host that is less busy: " + text
	}
	switch {
	case float64(g.LagP99) > nearLimit*float64(maxLagP99):
		f.Measured, f.MeasuredValue = formatDuration(g.LagP99), number(g.LagP99.Seconds())
		withLimit(&f, maxLagP99)
		f.Reason = fmt.Sprintf("The load generator sent 1 %% of the requests %s or more behind schedule; beyond %s the trial would be no evidence.",
			formatDuration(g.LagP99), formatDuration(maxLagP99))
	case g.Shortfall > nearLimit*maxShortfall:
		f.Measured, f.MeasuredValue = formatPercent(g.Shortfall), number(g.Shortfall)
		f.Limit, f.LimitValue = "≤ "+exactPercent(maxShortfall), number(maxShortfall)
		f.Reason = fmt.Sprintf("%s of the planned requests were not sent; beyond %s the trial would be no evidence.",
			formatPercent(g.Shortfall), exactPercent(maxShortfall))
	default:
		return Finding{}, false
	}
	return f, true
}

// robbery is the share of all processors that a host may take away within a
// second before it is a reason for a generator that is late.
const robbery = 0.05

// Robbed says that the host of this virtual machine took so much of it away
// that nothing on this machine can help a generator that is late; empty when
// it did not.
func (g GeneratorHealth) Robbed() string {
	if !(g.Stolen > robbery) {
		return ""
	}
	return fmt.Sprintf("the host took %s of this machine's processors away at %s", formatPercent(g.Stolen), figure.At(g.StolenAt))
}
