package harness

import (
	"fmt"
	"math"
	"time"
)

// fewestAnswered is the least share of the requests that must have been
// answered well for a latency to speak of users: below it, it tells of the
// lucky ones.
const fewestAnswered = 0.5

// judgeLatency holds one latency quantile of the good answers to its limit. A
// refusal has no latency, however quick it came. Where too few requests were
// answered a limit that was kept is Inconclusive; one that was missed by those
// that were is missed.
func judgeLatency(t judged, name string, limit time.Duration) Finding {
	f := Finding{Check: "latency-" + name}
	measured, ok := t.m.Latency[name]
	if !ok {
		return unobserved(f, limit, "no request was answered: there is no latency to judge")
	}
	// 3 significant digits: the histogram's own precision.
	f = judgeDuration(f, measured, measured/1000, limit, fmt.Sprintf("%s of the latency was %%s", name))
	if f.Outcome != Pass {
		return f
	}
	few := fmt.Sprintf("%s of the latency was %s, but ", name, f.Measured)
	if need := answersFor(name); t.m.Answered < need {
		f.Needs = "more requests"
		return unobserved(f, limit, few+fmt.Sprintf("only %s were answered well, and that quantile takes at least %s",
			plural(t.m.Answered, "request"), formatCount(need)))
	}
	if good := 1 - t.m.FailedFraction; good < fewestAnswered {
		f.Needs = "a fault that leaves more of the requests answered"
		return unobserved(f, limit, few+fmt.Sprintf("only %s of the requests were answered well: that is the latency of few", formatPercent(good)))
	}
	return f
}

// answersFor is how many answers a quantile takes, so that at least one lies
// beyond it.
func answersFor(name string) int {
	beyond := map[string]float64{"p50": .5, "p90": .1, "p99": .01, "p99.9": .001}[name]
	if beyond == 0 {
		return 1 // the maximum
	}
	return int(math.Round(1 / beyond))
}
