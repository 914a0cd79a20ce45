package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Checks of a ledger.
const (
	lostWrites       = "lostWrites"
	duplicatedWrites = "duplicatedWrites"
	phantomWrites    = "phantomWrites"
	rpo              = "rpo"
)

// aboutWrites reports whether a check is about what became of writes.
func aboutWrites(check string) bool {
	return slices.Contains([]string{lostWrites, duplicatedWrites, phantomWrites, rpo}, check)
}

// judgeWrites holds the ledger of a trial to the limits. It is Inconclusive
// without a ledger, without an acknowledged write, and when what was written
// could not be read back; but copies and phantoms that were read are there,
// whatever else was not.
func judgeWrites(l Limits, w *LedgerRecord) []Finding {
	var findings []Finding
	for _, c := range []struct {
		check, what string
		limit       *int
		count       func(LedgerRecord) int
		bound       bool // the count only grows with what is read
	}{
		{lostWrites, "lost", l.LostWrites, func(w LedgerRecord) int { return w.Lost }, false},
		{duplicatedWrites, "duplicated", l.DuplicatedWrites, func(w LedgerRecord) int { return w.Duplicated }, true},
		{phantomWrites, "phantom", l.PhantomWrites, func(w LedgerRecord) int { return w.Phantom }, true},
	} {
		if c.limit == nil {
			continue
		}
		f := Finding{Check: c.check, Limit: "≤ " + formatCount(*c.limit), LimitValue: number(float64(*c.limit))}
		n := 0
		if w != nil {
			n = c.count(*w)
		}
		switch why, needs := unread(w); {
		case why != "" && !(c.bound && n > *c.limit):
			f.Outcome, f.Code, f.Needs = Inconclusive, Unobserved, needs
			f.Reason = sentence(c.what + " writes were not observed: " + why)
		default:
			f = judgeCount(f, n, *c.limit, *w, c.what)
		}
		findings = append(findings, f)
	}
	if l.RPO != nil {
		findings = append(findings, judgeRPO(*l.RPO, w))
	}
	return findings
}

// unread says why nothing is known of what became of writes, and what would
// help; empty when it is.
func unread(w *LedgerRecord) (why, needs string) {
	switch {
	case w == nil:
		return "this trial kept no ledger of acknowledged writes", "a load that writes and keeps a ledger, such as mix shop"
	case w.State == LedgerOpen:
		return "the trial ended before what was written was read back", "a trial that comes to its end"
	case w.State != LedgerReconciled:
		return "what was written could not be read back: " + w.Detail, "a service that can be read after the recovery, for example by a longer recovery stage"
	case w.Acknowledged == 0:
		return "no write was acknowledged", "a stack that takes writes"
	}
	return "", ""
}

// judgeCount compares a count with its limit. Counts are exact.
func judgeCount(f Finding, n, limit int, w LedgerRecord, what string) Finding {
	f.Measured, f.MeasuredValue = formatCount(n), number(float64(n))
	clause := fmt.Sprintf("%s of %s %s", formatCount(n), plural(w.Acknowledged, "acknowledged write"), are(n, what))
	if what != "lost" {
		clause = fmt.Sprintf("%s of %s %s", formatCount(n), plural(w.Rows, "row"), are(n, what))
	}
	if n <= limit {
		f.Outcome = Pass
		f.Reason = sentence(fmt.Sprintf("%s, within the limit of %s", clause, formatCount(limit)))
		return f
	}
	f.Outcome, f.Code = Fail, LimitExceeded
	f.Reason = sentence(fmt.Sprintf("%s, more than the limit of %s%s", clause, formatCount(limit), exampleKeys(w, what)))
	return f
}

// are is "is lost" or "are lost"; a phantom is one.
func are(n int, what string) string {
	if n == 1 {
		return "is " + strings.Replace(what, "phantom", "a phantom", 1)
	}
	return "are " + strings.Replace(what, "phantom", "phantoms", 1)
}

// exampleKeys is ": k-1, k-2" for the writes of a kind that are named.
func exampleKeys(w LedgerRecord, kind string) string {
	var keys []string
	for _, e := range w.Examples {
		if e.Kind == kind {
			keys = append(keys, fmt.Sprintf("%.80q", e.Key))
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return ", for example " + strings.Join(keys[:min(len(keys), 3)], ", ")
}

// writesClause is "; of 1,190 acknowledged writes 0 were lost"; empty unless
// all trials have read back what was written.
func writesClause(sound []judged) string {
	acknowledged, lost := 0, 0
	for _, t := range sound {
		if why, _ := unread(t.m.Writes); why != "" {
			return ""
		}
		acknowledged += t.m.Writes.Acknowledged
		lost += t.m.Writes.Lost
	}
	if len(sound) == 0 {
		return ""
	}
	return fmt.Sprintf("; of %s %s %s lost", plural(acknowledged, "acknowledged write"), formatCount(lost), map[bool]string{true: "was", false: "were"}[lost == 1])
}

// judgeRPO holds the recovery point to its limit.
func judgeRPO(limit time.Duration, w *LedgerRecord) Finding {
	f := Finding{Check: rpo}
	if why, needs := unread(w); why != "" {
		f.Needs = needs
		return unobserved(f, limit, "the recovery point was not observed: "+why)
	}
	withLimit(&f, limit)
	f.Measured, f.MeasuredValue = formatDuration(w.RPO), number(w.RPO.Seconds())
	clause := "no acknowledged write was lost"
	if w.Lost > 0 {
		clause = fmt.Sprintf("acknowledged writes of %s cannot be relied upon (%s lost)", formatDuration(w.RPO), formatCount(w.Lost))
	}
	if w.RPO > limit {
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = sentence(fmt.Sprintf("%s, more than the limit of %s", clause, formatDuration(limit)))
		return f
	}
	f.Outcome = Pass
	f.Reason = sentence(fmt.Sprintf("%s, within the limit of %s", clause, formatDuration(limit)))
	return f
}
