package harness

import (
	"math"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// latencyIn is the distribution of the latency of answered events in the whole
// seconds that overlap w.
func latencyIn(ev Evidence, w Window) slo.Histogram {
	var h slo.Histogram
	for _, s := range ev.Seconds {
		if overlaps(secondWindow(s), w) {
			h.Merge(s.Latency)
		}
	}
	return h
}

// latencyQuantiles reads the quantiles named by Quantiles; nil when nothing
// was answered.
func latencyQuantiles(h slo.Histogram) map[string]time.Duration {
	if h.Count() == 0 {
		return nil
	}
	return map[string]time.Duration{
		"p50":   h.Quantile(.5),
		"p90":   h.Quantile(.9),
		"p99":   h.Quantile(.99),
		"p99.9": h.Quantile(.999),
		"max":   h.Max(),
	}
}

// generatorHealth looks at the whole trial. Planned is rate x length, or what
// the schedule really held when that is more; a request that left no event at
// all is as much not sent as one whose event says so.
func generatorHealth(ev Evidence) GeneratorHealth {
	var (
		h    GeneratorHealth
		lag  slo.Histogram
		used time.Duration
		sent int
		not  int
	)
	for _, s := range ev.Seconds {
		lag.Merge(s.Lag)
		used += max(0, s.CPU)
		not += s.Classes[NotSent]
		if s.Stolen > h.Stolen {
			h.Stolen, h.StolenAt = min(s.Stolen, 1), s.At
		}
		for _, t := range s.Ticks {
			sent += t.Scheduled
		}
	}
	planned := max(plannedEvents(ev, loadWindow(ev).Length()), sent+not)
	h.Shortfall = slo.Fraction(planned-sent, planned)
	h.LagP99 = lag.Quantile(.99)
	if n := len(ev.Seconds); n > 0 {
		h.CPUShare = used.Seconds() / float64(n)
	}
	return h
}

// plannedEvents is how many events the schedule holds in length, less the one
// at each edge that may fall on either side; at least 0.
func plannedEvents(ev Evidence, length time.Duration) int {
	n := ev.Plan.Scenario.Load.Rate * length.Seconds()
	if !(n > 0) || n > math.MaxInt32 {
		return 0
	}
	return max(0, int(n)-2)
}
