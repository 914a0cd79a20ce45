package harness

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

func TestLimitsThatAreKeptPassAndThoseMissedFail(t *testing.T) {
	for _, c := range []struct {
		name    string
		limits  Limits
		changes []change
		check   string
		want    Outcome
		code    Code
	}{
		{"every limit is kept", allLimits(), nil, "recovery", Pass, ""},
		{"one request of 10,500 is within 0.01 %", Limits{FailedFraction: ptr(.0001)}, []change{failed(15, 1)}, "failed", Pass, ""},
		{"two requests of 10,500 are beyond 0.01 %", Limits{FailedFraction: ptr(.0001)}, []change{failed(15, 2)}, "failed", Fail, LimitExceeded},
		{"no failure is allowed and there was none", Limits{FailedFraction: ptr(0.0)}, nil, "failed", Pass, ""},
		{"no failure is allowed and there was one", Limits{FailedFraction: ptr(0.0)}, []change{failed(15, 1)}, "failed", Fail, LimitExceeded},
		{"failures before the fault are not its cost", Limits{FailedFraction: ptr(0.0)}, []change{failed(7, 9)}, "failed", Pass, ""},
		{"no downtime is allowed and there was some", Limits{Downtime: ptr(time.Duration(0))}, []change{failed(15, 1)}, "downtime", Fail, LimitExceeded},
		{"an outage as long as the limit", Limits{Downtime: ptr(time.Second)}, []change{failing(10, 11, 1)}, "downtime", Pass, ""},
		{"an outage longer than the limit", Limits{Downtime: ptr(time.Second)}, []change{failing(10, 11.2, 1)}, "downtime", Fail, LimitExceeded},
		{"slices count where single failures spread", Limits{Downtime: ptr(time.Second)}, []change{failing(10, 15, 10)}, "downtime", Fail, LimitExceeded},
		{"slices too coarse for the limit decide nothing", Limits{Downtime: ptr(30 * time.Millisecond)}, []change{failed(15, 3)}, "downtime", Inconclusive, WithinResolution},
		{"outages decide where slices are too coarse", Limits{Downtime: ptr(30 * time.Millisecond)}, []change{failed(15, 12)}, "downtime", Fail, LimitExceeded},
		{"detection after the repair is as late as it was", Limits{Detection: ptr(3 * time.Second)}, []change{withSignals(
			signalAt(12.1, 0, "gateway-1", "catalog-2", Removed), signalAt(15.1, 0, "prometheus", "catalog-2", AlertFiring))}, "detection", Fail, LimitExceeded},
		{"detection in time", Limits{Detection: ptr(200 * time.Millisecond)}, nil, "detection", Pass, ""},
		{"detection too late", Limits{Detection: ptr(90 * time.Millisecond)}, nil, "detection", Fail, LimitExceeded},
		{"detection too late by less than can be told", Limits{Detection: ptr(160 * time.Millisecond)}, nil, "detection", Inconclusive, WithinResolution},
		{"repair too late", Limits{Repair: ptr(time.Second)}, nil, "repair", Fail, LimitExceeded},
		{"recovery too late", Limits{Recovery: ptr(2 * time.Second)}, nil, "recovery", Fail, LimitExceeded},
		{"never recovered by the platform itself", Limits{Recovery: ptr(10 * time.Second)}, []change{silenced(LeaseExpired)}, "recovery", Fail, NotRecovered},
		{"not recovered before the fault was removed, which is too early to say", Limits{Recovery: ptr(25 * time.Second)}, []change{silenced(LeaseExpired)}, "recovery", Inconclusive, Unobserved},
		{"repaired, but users are not served", Limits{Recovery: ptr(10 * time.Second)}, []change{failing(10, 45, 2)}, "recovery", Fail, NotRecovered},
		{"repaired, but users are served too late", Limits{Recovery: ptr(10 * time.Second)}, []change{failing(10, 25, 2)}, "recovery", Fail, LimitExceeded},
		{"repaired, and users are served in time", Limits{Recovery: ptr(10 * time.Second)}, []change{failing(10, 18, 2)}, "recovery", Pass, ""},
		{"nothing can notice a fault: detection is unobserved", Limits{Detection: ptr(time.Second)}, []change{silenced(Ejected, LeaseExpired, AlertFiring, Ready)}, "detection", Inconclusive, Unobserved},
		{"nothing can notice a fault: recovery is unobserved", Limits{Recovery: ptr(time.Second)}, []change{silenced(Ejected, LeaseExpired, AlertFiring, Ready)}, "recovery", Inconclusive, Unobserved},
		{"nothing noticed the fault until it was removed", Limits{Detection: ptr(time.Second)}, []change{silenced(Ejected, LeaseExpired, AlertFiring)}, "detection", Fail, NotRecovered},
		{"lost writes have no ledger", Limits{LostWrites: ptr(0)}, nil, "lostWrites", Inconclusive, Unobserved},
		{"the stack is not steady afterwards", Limits{FailedFraction: ptr(.01)}, []change{func(ev *Evidence) {
			ev.Checks = []CheckRecord{{Probe: "GET edge /healthz", Stage: Recovery, At: seconds(45), Detail: "want 200, saw 503"}}
		}}, "probes", Fail, NotRecovered},
		{"the stack was not steady at first", Limits{FailedFraction: ptr(.01)}, []change{func(ev *Evidence) {
			ev.Checks = []CheckRecord{{Probe: "GET edge /healthz", Stage: Steady, At: seconds(1), Detail: "want 200, saw 503"}}
		}}, "failed", Pass, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := killing(c.limits)
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			f := find(v, c.check)
			if f.Outcome != c.want || f.Code != c.code || v.Outcome != c.want {
				t.Errorf("got %v %s, verdict %v; want %v %s\n%s\n%s", f.Outcome, f.Code, v.Outcome, c.want, c.code, f.Reason, v.Sentence)
			}
		})
	}
}

func TestLatencyQuantilesAreLimits(t *testing.T) {
	s := killing(Limits{})
	s.SLO.LatencyQuantiles = map[string]time.Duration{"p99": 25 * time.Millisecond, "max": 15 * time.Millisecond}
	v := Judge(s, []Evidence{trialOf(s)}, nil)
	if f := find(v, "latency-p99"); f.Outcome != Pass {
		t.Errorf("p99: got %v: %s", f.Outcome, f.Reason)
	}
	if f := find(v, "latency-max"); f.Outcome != Fail || v.Outcome != Fail {
		t.Errorf("max: got %v: %s", f.Outcome, f.Reason)
	}
	unanswered := trialOf(s, failing(10, 45, 1), func(ev *Evidence) {
		for i := range ev.Seconds {
			ev.Seconds[i].Latency = slo.Histogram{}
		}
	})
	if f := find(Judge(s, []Evidence{unanswered}, nil), "latency-p99"); f.Outcome != Inconclusive || f.Code != Unobserved {
		t.Errorf("nothing answered: got %v %s", f.Outcome, f.Code)
	}
}

func TestDurationsAreHeldToTheirLimitWithinTheirResolution(t *testing.T) {
	const limit = 100
	for _, c := range []struct {
		measured, resolution time.Duration
		want                 Outcome
	}{
		{100, 0, Pass}, {101, 0, Fail}, {0, 0, Pass}, {99, 1, Pass}, {100, 50, Pass},
		{101, 2, Inconclusive}, {101, 1, Fail}, {150, 49, Fail}, {150, 51, Inconclusive},
	} {
		f := judgeDuration(Finding{}, c.measured, c.resolution, limit, "it took %s")
		if f.Outcome != c.want {
			t.Errorf("%d±%d against %d: got %v, want %v", c.measured, c.resolution, limit, f.Outcome, c.want)
		}
		if beyond := strings.Contains(f.Resolution, "reaching beyond the limit"); beyond != (c.want == Pass && c.measured+c.resolution > limit) {
			t.Errorf("%d±%d against %d: resolution says %q", c.measured, c.resolution, limit, f.Resolution)
		}
	}
}

func TestLimitFinerThanOneRequestSaysSo(t *testing.T) {
	s := killing(Limits{FailedFraction: ptr(.0001)})
	s.Stages.Disruption, s.Stages.Recovery = seconds(20), seconds(10)
	f := find(Judge(s, []Evidence{trialOf(s)}, nil), "failed")
	if f.Outcome != Pass || !strings.Contains(f.Resolution, "1 of 9,000 requests is 0.011 %, coarser than the limit") {
		t.Errorf("9,000 requests: got %v, %q", f.Outcome, f.Resolution)
	}
	s = killing(Limits{FailedFraction: ptr(.0001)})
	f = find(Judge(s, []Evidence{trialOf(s)}, nil), "failed")
	if f.Outcome != Pass || strings.Contains(f.Resolution, "coarser") {
		t.Errorf("10,500 requests: got %v, %q", f.Outcome, f.Resolution)
	}
}
