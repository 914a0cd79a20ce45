package harness

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// judgeLimits holds a sound trial to every limit of the scenario, in a fixed
// order.
func judgeLimits(s Scenario, t judged) []Finding {
	var findings []Finding
	add := func(f Finding) {
		f.Trial, f.Stage = t.number, t.stage()
		if f.Subject == "" {
			f.Subject = targetsOf(t.ev)
		}
		findings = append(findings, f)
	}
	l := s.Limits
	if l.FailedFraction != nil {
		add(judgeFailed(t, *l.FailedFraction))
	}
	if l.Downtime != nil {
		add(judgeDowntime(t, *l.Downtime))
	}
	for _, f := range judgeRecovery(l, t) {
		add(f)
	}
	for _, name := range Quantiles() {
		if limit, ok := s.SLO.LatencyQuantiles[name]; ok {
			add(judgeLatency(t, name, limit))
		}
	}
	for _, f := range judgeWrites(l, t.m.Writes) {
		add(f)
	}
	if l.VerifiedRestore != nil {
		add(verified().judge(t, *l.VerifiedRestore))
	}
	if l.ScaleOut != nil {
		add(scaledOut().judge(t, *l.ScaleOut))
	}
	if f, ok := judgeProbes(t); ok {
		add(f)
	}
	if f, ok := judgeGenerator(t); ok {
		add(f)
	}
	if f, ok := judgeAlarms(t); ok {
		add(f)
	}
	return findings
}

// targetsOf names the replicas that were hit: "catalog-2, gateway-1".
func targetsOf(ev Evidence) string {
	var names []string
	for _, in := range ev.Plan.Injections {
		for _, name := range in.Targets {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

func number(v float64) *float64 { return &v }

// judgeFailed compares bad/scheduled with its limit. It is a plain count: what
// one request more or less would change is its resolution.
func judgeFailed(t judged, limit float64) Finding {
	c := counts{t.m.Bad, t.m.Scheduled}
	one := 1 / float64(max(1, c.scheduled))
	f := Finding{
		Check: "failed", Outcome: Pass,
		Measured: percentBeside(c.fraction(), limit), MeasuredValue: number(c.fraction()),
		Resolution: fmt.Sprintf("1 of %s is %s", plural(c.scheduled, "request"), formatPercent(one)),
		Limit:      "≤ " + exactPercent(limit), LimitValue: number(limit),
		Evidence: outageRefs(t.m.Outages),
	}
	clause := fmt.Sprintf("%s failed, within the limit of %s", c, exactPercent(limit))
	// The tolerance forgives the rounding of binary fractions, far below one
	// request in any run.
	if c.fraction() > limit*(1+1e-9) {
		f.Outcome, f.Code = Fail, LimitExceeded
		clause = fmt.Sprintf("%s failed, more than the limit of %s", c.beside(limit), exactPercent(limit))
		if examples := classList(t.m.Classes); examples != "" {
			clause += " (" + examples + ")"
		}
	}
	if one > limit && limit > 0 {
		f.Coarse, f.Resolution = true, f.Resolution+", coarser than the limit"
		clause += fmt.Sprintf("; a single failure is %s, so %s cannot tell less", formatPercent(one), plural(c.scheduled, "request"))
		if f.Outcome == Pass {
			f.Needs = coarseNeeds(t, limit)
		}
	}
	f.Reason = sentence(clause)
	return f
}

// coarseNeeds says how many requests make one of them no more than limit.
func coarseNeeds(t judged, limit float64) string {
	n := int(math.Ceil(1/limit - 1e-6))
	needs := fmt.Sprintf("at least %s in the judged time, so that one of them is no more than %s", plural(n, "request"), exactPercent(limit))
	if rate := t.ev.Plan.Scenario.Load.Rate; rate > 0 {
		needs += fmt.Sprintf(" (%s at %s/s)", formatDuration(time.Duration(float64(n)/rate*float64(time.Second))), trimmed(rate, 2))
	}
	return needs
}

// classList is "30 timeout, 7 refused": the most frequent first.
func classList(classes map[Class]int) string {
	type entry struct {
		class Class
		n     int
	}
	var entries []entry
	for class, n := range classes {
		entries = append(entries, entry{class, n})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return strings.Compare(string(a.class), string(b.class))
	})
	words := make([]string, len(entries))
	for i, e := range entries {
		words[i] = formatCount(e.n) + " " + string(e.class)
	}
	return strings.Join(words, ", ")
}

// outageRefs points at the first outages of a Measurement, counted from 1.
func outageRefs(outages []Outage) []string {
	var refs []string
	for i := range outages[:min(len(outages), 5)] {
		refs = append(refs, fmt.Sprintf("outage %d", i+1))
	}
	return refs
}

// judgeProbes fails a trial after which the stack's own steady-state probes no
// longer hold, although the fault is gone.
func judgeProbes(t judged) (Finding, bool) {
	last := map[string]CheckRecord{}
	var order []string
	for _, c := range t.ev.Checks {
		if c.Stage != Recovery {
			continue
		}
		if _, known := last[c.Probe]; !known {
			order = append(order, c.Probe)
		}
		last[c.Probe] = c
	}
	for _, name := range order {
		if c := last[name]; !c.OK {
			return Finding{
				Check: "probes", Outcome: Fail, Code: NotRecovered, Subject: name,
				Measured: "not steady at " + formatDuration(c.At),
				Reason:   sentence(fmt.Sprintf("the stack is not steady again after the fault was removed: %s: %s", name, c.Detail)),
			}, true
		}
	}
	return Finding{}, false
}
