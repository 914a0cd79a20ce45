package harness

import (
	"fmt"
	"slices"
	"strings"
)

// judgeAlarms fails a trial in which nothing was broken and a person was paged
// all the same: alarms that mean nothing teach people not to look. It is judged
// only where an observer of the stack is known to page; an alert that fired
// while requests failed is no false one, and the failures have findings of
// their own.
func judgeAlarms(t judged) (Finding, bool) {
	if !slices.ContainsFunc(t.ev.Stack.Observers, func(o Sight) bool { return o.Pages }) ||
		slices.ContainsFunc(t.ev.Plan.Injections, func(i PlannedInjection) bool { return i.Action != NoopAction }) {
		return Finding{}, false
	}
	f := Finding{
		Check: "false-alarms", Outcome: Pass, Limit: "none", LimitValue: number(0),
		Reason: "Nothing was broken and nobody was paged.",
	}
	var said []string
	paged := 0
	outages := outagesIn(t.ev, Window{To: t.ev.End.At})
	for i, s := range t.ev.Signals {
		if !t.ev.Stack.pages(s) || slices.ContainsFunc(outages, func(o Outage) bool { return o.From <= s.At }) {
			continue
		}
		paged++
		f.Evidence = append(f.Evidence, fmt.Sprintf("signal %d", i+1))
		if words := strings.TrimSpace(s.Detail + " " + s.Subject); !slices.Contains(said, words) {
			said = append(said, words)
		}
	}
	f.Measured, f.MeasuredValue = formatCount(paged), number(float64(paged))
	if paged > 0 {
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = sentence(fmt.Sprintf("nothing was broken and a person was paged %s: %s", times(paged), listed(said)))
	}
	return f, true
}

// times is "once" or "3 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return formatCount(n) + " times"
}
