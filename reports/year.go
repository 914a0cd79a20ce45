package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// yearNarrow is the number of injections for which the reports say how narrow
// a bound would become: what a release asks for.
const yearNarrow = 33

// yearTotal says what the measured risks take of the year.
func yearTotal(y harness.YearBudget) string {
	if len(y.Rows) == 0 {
		return sentence(y.Finding.Reason)
	}
	share, most := shares(y)
	leaves := fmt.Sprintf("of the %s that %s leaves", length(y.Budget), exact(y.Objective))
	text := fmt.Sprintf("%s %s (%s)", length(y.Expected), leaves, percent(share))
	if y.Expected == 0 {
		text = "nothing measurable " + leaves
	}
	if y.AtMost == harness.Unbounded {
		return text + "; no upper bound is known"
	}
	return text + fmt.Sprintf("; at %s confidence at most %s (%s)", percent(harness.Confidence), length(y.AtMost), percent(most))
}

// shares are the sums over all measured risks, in budgets.
func shares(y harness.YearBudget) (expected, most float64) {
	for _, r := range y.Rows {
		expected += r.Share
		most += r.ShareAtMost
	}
	return expected, most
}

// yearMost says which risk dominates.
func yearMost(y harness.YearBudget) string {
	r := y.Rows[0]
	return fmt.Sprintf("%s: %s (%s), %s each time on average, %s after %s",
		line(r.Class), often(r.ETTF), riskBasis(r), length(r.Cost.Mean), bounded(r.Cost.Upper), plural(r.Injections, "injection"))
}

// yearSingle holds every risk against what one may take.
func yearSingle(y harness.YearBudget) string {
	limit := fmt.Sprintf("the %s (%s) that one risk may take", percent(harness.SingleRiskShare), length(y.Limit))
	var over, may []string
	for _, r := range y.Rows {
		switch {
		case r.Expected > y.Limit:
			over = append(over, line(r.Class))
		case r.TooLarge:
			may = append(may, line(r.Class))
		}
	}
	var parts []string
	if len(over) > 0 {
		parts = append(parts, "over "+limit+": "+strings.Join(over, ", "))
	}
	if len(may) > 0 {
		parts = append(parts, "not shown to be within "+limit+": "+strings.Join(may, ", "))
	}
	if len(parts) == 0 {
		return "each is within " + limit
	}
	return strings.Join(parts, "; ")
}

// yearNarrower says what more injections would do for the bound of a risk;
// empty when they would do nothing.
func yearNarrower(r harness.YearRow) string {
	if r.Cost.Unended > 0 {
		return fmt.Sprintf("a disruption of %s that lasts until the platform has repaired it: in %s requests still failed when the fault was taken away",
			line(r.Class), plural(r.Cost.Unended, "injection"))
	}
	if r.Injections >= yearNarrow {
		return ""
	}
	with := r.AtMostWith(yearNarrow)
	if with >= r.AtMost {
		return ""
	}
	return fmt.Sprintf("%d injections of %s, none costlier, would bound it by %s a year", yearNarrow, line(r.Class), length(with))
}

// uncovered says what is not in the sum, at most n names of it.
func uncovered(y harness.YearBudget, n int) string {
	names := y.Uncovered[:min(n, len(y.Uncovered))]
	text := strings.Join(names, ", ")
	if more := len(y.Uncovered) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return line(fmt.Sprintf("%d of the catalogue's %s: %s", len(y.Uncovered), plural(len(y.Catalogue.Risks), "risk"), text))
}

// unlisted says which classes the catalogue lacks.
func unlisted(y harness.YearBudget) string {
	return line("not in the catalogue, so left out: " + strings.Join(y.Unknown, ", "))
}

// riskBasis is whether somebody published how often a risk happens.
func riskBasis(r harness.YearRow) string {
	if r.Assumed() {
		return "assumed"
	}
	return "published"
}

// often writes an ETTF: "every 30 days".
func often(ettf time.Duration) string {
	days := strconv.FormatFloat(ettf.Hours()/24, 'f', 1, 64)
	days = strings.TrimSuffix(days, ".0")
	if days == "1" {
		return "every day"
	}
	return "every" + nbsp + days + nbsp + "days"
}

// bounded writes an upper bound: "at most 1.2 s".
func bounded(d time.Duration) string {
	if d == harness.Unbounded {
		return "no bound known"
	}
	return "at most " + length(d)
}

// exact writes an objective as it was typed: "99.99 %".
func exact(f float64) string {
	return strconv.FormatFloat(math.Round(f*1e12)/1e10, 'f', -1, 64) + nbsp + "%"
}
