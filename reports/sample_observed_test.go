package reports

import (
	"time"

	"github.com/fournines/fournines/harness"
)

// observedSample is an endpoint that somebody else broke twice.
func observedSample() sample {
	v := verdict(harness.Fail, "363 of 9,000 requests (4 %) failed in 2 outages, the longest 1.2 s; at 95 % confidence at least 3.7 % do, more than the allowed 0.01 %.")
	v.Scenario, v.Hypothesis = "observe", "GET http://127.0.0.1:8080/health?full=1 keeps its objective"
	v.Stack = harness.StackInfo{Kind: "endpoint"}
	e := killEvidence(1)
	e.Stack, e.Plan.Scenario = v.Stack, harness.Scenario{
		Name: v.Scenario, Hypothesis: v.Hypothesis, Stages: harness.Stages{Baseline: 30 * time.Second}, SLO: harness.SLO{Availability: .9999},
		Load: harness.LoadSpec{Rate: 300, URL: "http://127.0.0.1:8080/health?full=1", Expect: 204, Timeout: 2 * time.Second},
	}
	e.Plan.Injections, e.Injections, e.Signals, e.Plan.Seed = nil, nil, nil, 0
	e.Seconds = sampleSeconds(30*time.Second, 5, func(at time.Duration) (int, time.Duration) {
		switch {
		case at >= ms(8000) && at < ms(9200):
			return 30, 0
		case at == ms(20000):
			return 3, 0
		}
		return 0, 0
	})
	e.Stages = []harness.StageRecord{{Stage: harness.Baseline, Window: harness.Window{To: ms(30000)}}}
	e.Outages = []harness.Outage{
		{Window: harness.Window{From: ms(8000), To: ms(9200)}, Bad: 360, Example: "refused: dial tcp 127.0.0.1:8080: connect: connection refused"},
		{Window: harness.Window{From: ms(20000), To: ms(20010)}, Bad: 3, Example: "http-5xx: 503 Service Unavailable: database is gone"},
	}
	e.End.At = ms(30000)
	m := killMeasurement(1)
	m.Judged, m.Scheduled, m.Bad, m.FailedFraction = harness.Window{To: ms(30000)}, 9000, 363, 363.0/9000
	m.Classes = map[harness.Class]int{harness.Refused: 360, harness.HTTP5xx: 3}
	m.Recovery, m.Outages, m.Episodes = harness.RecoveryTime{}, e.Outages, e.Outages
	m.OutageDowntime = harness.Downtime{Total: ms(1210), Resolution: ms(3), Availability: 1 - 1.21/30}
	m.SliceDowntime = harness.Downtime{Total: ms(1300), Resolution: ms(100), Availability: 1 - 1.3/30}
	window := func(from, length int, good float64) harness.WorstWindow {
		return harness.WorstWindow{Window: harness.Window{From: ms(from), To: ms(from + length)}, Good: good}
	}
	m.Worst = []harness.WorstWindow{window(8000, 1000, 0), window(4200, 5000, .76), window(0, 10000, .88), window(0, 30000, 1-363.0/9000)}
	m.Probers = []harness.ProberMeasurement{
		{Name: "fresh", Scheduled: 600, Bad: 24, FailedFraction: .04, Downtime: harness.Downtime{Total: ms(1200), Resolution: ms(50)}, Outages: e.Outages[:1]},
		{Name: "pooled", Scheduled: 600},
	}
	f := finding("steady-state", 0, harness.Fail, "363 of 9,000 requests (4 %)", "3.7 % to 4.4 % (each bound at 95 %)", "≤ 0.01 %", "363 of 9,000 requests (4 %) failed in 2 outages, the longest 1.2 s; at 95 % confidence at least 3.7 % do, more than the allowed 0.01 %.")
	f.Stage, f.Code, f.Confidence = harness.Baseline, harness.ErrorRatioHigh, 0.95
	v.Findings = []harness.Finding{f}
	v.Trials = []harness.Measurement{m}
	return sample{[]harness.Verdict{v}, []harness.Evidence{e}}
}
