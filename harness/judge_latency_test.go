package harness

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

func TestLatencyIsThatOfGoodAnswersAndOfEnoughOfThem(t *testing.T) {
	// answers is the number of good answers in each judged second.
	answers := func(n int) change {
		return func(ev *Evidence) {
			for i := range ev.Seconds {
				var h slo.Histogram
				for range n {
					h.Record(20 * time.Millisecond)
				}
				ev.Seconds[i].Latency = h
			}
		}
	}
	for _, c := range []struct {
		rule     string
		quantile string
		limit    time.Duration
		changes  []change
		want     Outcome
		says     string
	}{
		{"enough good answers in time", "p99", 25 * time.Millisecond, nil, Pass, ""},
		{"most requests failed fast: what is left is the latency of few", "p99", 25 * time.Millisecond,
			[]change{failing(10, 45, 1)}, Inconclusive, "only 0 % of the requests were answered well"},
		{"fewer answers than the quantile takes", "p99", 25 * time.Millisecond,
			[]change{answers(2)}, Inconclusive, "only 70 requests were answered well, and that quantile takes at least 100"},
		{"just as many answers as it takes", "p90", 25 * time.Millisecond, []change{answers(1)}, Pass, ""},
		{"few answers that were late are late", "p99", 15 * time.Millisecond, []change{answers(2)}, Fail, ""},
		{"the longest takes one answer", "max", 25 * time.Millisecond, []change{answers(1)}, Pass, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{})
			s.SLO.LatencyQuantiles = map[string]time.Duration{c.quantile: c.limit}
			f := find(Judge(s, []Evidence{trialOf(s, c.changes...)}, nil), "latency-"+c.quantile)
			if f.Outcome != c.want || !strings.Contains(f.Reason, c.says) {
				t.Errorf("got %v: %s; want %v with %q", f.Outcome, f.Reason, c.want, c.says)
			}
		})
	}
}

func TestThePromiseUnderAFaultIsSaidAndDecidesNothing(t *testing.T) {
	for _, c := range []struct {
		rule    string
		limits  Limits
		changes []change
		want    Outcome
		says    string
	}{
		{"the promise was kept", Limits{FailedFraction: ptr(.5)}, nil, Pass, "100 % of the requests were good, as promised"},
		{"it was not", Limits{FailedFraction: ptr(.5)}, []change{failing(10, 13.5, 1)}, Fail,
			"90 % of the requests were good, less than the promised 99.99 %; that is not held against an injection: what decides is the limit of 50 % failed requests."},
		{"nothing else would say so", Limits{Downtime: ptr(time.Minute)}, []change{failing(10, 13.5, 1)}, Fail, "no limit on failed requests is set"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(c.limits)
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			f := find(v, "availability")
			if f.Outcome != c.want || !f.Advisory || v.Outcome != Pass || !strings.Contains(f.Reason, c.says) {
				t.Errorf("got %v, advisory %v, verdict %v: %s; want %v with %q", f.Outcome, f.Advisory, v.Outcome, f.Reason, c.want, c.says)
			}
		})
	}
	sliced := killing(Limits{FailedFraction: ptr(.5)})
	sliced.SLO.Timeslices = &Timeslices{Target: .95, Window: time.Minute}
	if f := find(Judge(sliced, []Evidence{trialOf(sliced)}, nil), "availability"); f.Check != "" {
		t.Errorf("with an objective over slices: got %+v, want none", f)
	}
	s := resting(.9999, time.Minute)
	if f := find(Judge(s, []Evidence{trialOf(s)}, nil), "availability"); f.Check != "" {
		t.Errorf("without a fault: got %+v, want none", f)
	}
}

func TestAGeneratorNearItsLimitIsSaid(t *testing.T) {
	for _, c := range []struct {
		rule string
		lag  time.Duration
		said bool
		want Outcome
	}{
		{"well in time", 20 * time.Millisecond, false, Pass},
		{"near the limit", 40 * time.Millisecond, true, Pass},
		{"beyond it the trial is no evidence", 60 * time.Millisecond, false, Invalid},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{FailedFraction: ptr(.5)})
			v := Judge(s, []Evidence{trialOf(s, func(ev *Evidence) {
				for i := range ev.Seconds {
					ev.Seconds[i].Lag = histogramOf(c.lag)
				}
			})}, nil)
			f := find(v, "generator")
			if v.Outcome != c.want || f.Advisory != c.said || c.said && f.Code != GeneratorSaturated {
				t.Errorf("got verdict %v, finding %+v; want %v, said %v", v.Outcome, f, c.want, c.said)
			}
		})
	}
}
