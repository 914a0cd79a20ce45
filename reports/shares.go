package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/figure"
	"github.com/fournines/fournines/reports/junit"
)

// stagePlaces say when a share was measured, seen from the fault.
var stagePlaces = map[harness.Stage]string{harness.Baseline: "before", harness.Disruption: "under", harness.Recovery: "after"}

// sharesOfMany is the most replicas of a component whose shares are told one by
// one; of more, the largest deviation alone is.
const sharesOfMany = 12

// sharePercent writes a share with the same digits everywhere, so that three
// thirds can be told from a half and two quarters at a glance.
func sharePercent(f float64) string { return whole(figure.Number(100*f, 1) + " %") }

// points writes a difference between two shares.
func points(f float64) string { return whole(figure.Number(100*f, 1) + " points") }

// shareRow is one replica of a component: what its share was to be, and what it
// was in each stage of the component.
type shareRow struct {
	replica, wanted string
	shares          []string
}

// shareRows are the replicas that have a share in any stage, in order of first
// appearance; none when they are too many to be told one by one. What a replica
// is wanted to do is that of the first stage that has it.
func shareRows(c harness.Shares) (rows []shareRow) {
	for i, stage := range c.Stages {
		for _, s := range stage.Replicas {
			at := slices.IndexFunc(rows, func(r shareRow) bool { return r.replica == line(s.Replica) })
			if at < 0 {
				at = len(rows)
				rows = append(rows, shareRow{line(s.Replica), sharePercent(s.Wanted), make([]string, len(c.Stages))})
				for j := range rows[at].shares {
					rows[at].shares[j] = unmeasured
				}
			}
			rows[at].shares[i] = sharePercent(s.Share)
		}
	}
	if len(rows) > sharesOfMany {
		return nil
	}
	return rows
}

// shareStages are the heads of a component's stages: "before", "under", "after".
func shareStages(c harness.Shares) (heads []string) {
	for _, s := range c.Stages {
		heads = append(heads, stagePlaces[s.Stage])
	}
	return heads
}

// deviations are a component's largest deviations by stage, with the replica:
// "33.3 points (gateway-1)".
func deviations(c harness.Shares) (all []string) {
	for _, s := range c.Stages {
		all = append(all, fmt.Sprintf("%s (%s)", points(s.Deviation), line(s.Farthest)))
	}
	return all
}

// staged puts each value behind the place of its stage.
func staged(c harness.Shares, values []string) string {
	var all []string
	for i, head := range shareStages(c) {
		all = append(all, head+" "+values[i])
	}
	return strings.Join(all, ", ")
}

// shares are how requests were spread over the replicas of each component.
// Empty where the answers do not say who served them.
func (t trial) shares() []harness.Shares {
	if t.measured == nil {
		return nil
	}
	return t.measured.Shares
}

// shareFacts are the shares as rows of a table of numbers.
func (t trial) shareFacts() (facts []factView) {
	for _, c := range t.shares() {
		for _, r := range shareRows(c) {
			facts = append(facts, factView{"share of " + r.replica, staged(c, r.shares), "of what " + line(c.Component) + " answered; wanted " + r.wanted})
		}
		facts = append(facts, factView{"deviation over " + line(c.Component), staged(c, deviations(c)), "the largest one of a share from the wanted one"})
	}
	return facts
}

// shares writes the shares of a trial on a terminal, a line for each component.
func (t *terminal) shares(shown trial) {
	all := shown.shares()
	if len(all) == 0 {
		return
	}
	t.line("", "")
	for _, c := range all {
		var parts []string
		off := deviations(c)
		for i, head := range shareStages(c) {
			var values []string
			for _, r := range shareRows(c) {
				values = append(values, strings.TrimSuffix(r.shares[i], nbsp+"%"))
			}
			text := head + " "
			if len(values) > 0 {
				text += strings.Join(values, "/") + nbsp + "%, "
			}
			parts = append(parts, text+"off by "+off[i])
		}
		t.prose("  ", pad("share of "+line(c.Component), 17)+"  ", strings.Join(parts, "; "), nil)
	}
}

// markdownShares writes the shares of a trial for a comment, a table for each
// component.
func (t trial) markdownShares(b *strings.Builder) {
	for _, c := range t.shares() {
		heads := shareStages(c)
		fmt.Fprintf(b, "| share of %s | wanted | %s |\n|---|---|%s\n", md(c.Component), strings.Join(heads, " | "), strings.Repeat("---|", len(heads)))
		row := func(name, wanted string, values []string) {
			fmt.Fprintf(b, "| %s | %s |", md(name), md(wanted))
			for _, v := range values {
				fmt.Fprintf(b, " %s |", md(v))
			}
			b.WriteString("\n")
		}
		for _, r := range shareRows(c) {
			row(r.replica, r.wanted, r.shares)
		}
		row("largest deviation", "", deviations(c))
		b.WriteString("\n")
	}
}

// shareProperties are the shares of a trial as JUnit properties:
// share.gateway-1.under = 0.5012, deviation.gateway.under = 0.1679.
func (t trial) shareProperties() (all []junit.Property) {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }
	for _, c := range t.shares() {
		few := len(shareRows(c)) > 0
		for _, s := range c.Stages {
			place := "." + stagePlaces[s.Stage]
			for _, r := range s.Replicas {
				if few {
					all = append(all, junit.Property{Name: "share." + line(r.Replica) + place, Value: number(r.Share)})
				}
			}
			all = append(all, junit.Property{Name: "deviation." + line(c.Component) + place, Value: number(s.Deviation)})
		}
	}
	return all
}
