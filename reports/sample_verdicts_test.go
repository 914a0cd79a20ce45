package reports

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
)

// sample is a verdict with its evidence.
type sample struct {
	verdicts []harness.Verdict
	evidence []harness.Evidence
}

// samples are one run of each kind, by the name of its golden files. They are
// made once and only read.
var samples = sync.OnceValue(makeSamples)

func makeSamples() map[string]sample {
	pass, fail, invalid, inconclusive, observed, trials := passSample(), failSample(), invalidSample(), inconclusiveSample(), observedSample(), trialsSample()
	suite := sample{}
	for _, s := range []sample{pass, inconclusive, invalid} {
		suite.verdicts = append(suite.verdicts, s.verdicts...)
		suite.evidence = append(suite.evidence, s.evidence...)
	}
	return map[string]sample{
		"pass": pass, "fail": fail, "invalid": invalid, "inconclusive": inconclusive,
		"observed": observed, "trials": trials, "suite": suite, "empty": {}, "writes": writesSample(), "shares": sharesSample(),
	}
}

func finding(check string, trial int, outcome harness.Outcome, measured, resolution, limit, reason string) harness.Finding {
	f := harness.Finding{
		Check: check, Trial: trial, Stage: harness.Disruption, Outcome: outcome,
		Measured: measured, Resolution: resolution, Limit: limit, Reason: reason,
	}
	if outcome == harness.Fail {
		f.Code = harness.LimitExceeded
	}
	return f
}

func verdict(outcome harness.Outcome, sentence string) harness.Verdict {
	s := sampleScenario()
	return harness.Verdict{
		Schema: harness.VerdictSchema, RunID: sampleRun, Scenario: s.Name, Hypothesis: s.Hypothesis,
		Outcome: outcome, Sentence: strings.ToUpper(outcome.String()) + ": " + sentence, Stack: sampleStack(),
	}
}

func killFindings(trial int) []harness.Finding {
	advisory := finding("latency-p99", trial, harness.Pass, "8.9 ms", "", "≤ 250 ms", "p99 of good requests is within the objective")
	advisory.Advisory = true
	return []harness.Finding{
		finding("failed", trial, harness.Pass, "0.028 %", "", "≤ 0.1 %", "3 of 10,560 requests failed"),
		finding("downtime", trial, harness.Pass, "10 ms", "±3 ms", "≤ 100 ms", "two outages, the longest 7 ms"),
		finding("detection", trial, harness.Pass, "220 ms", "±100 ms", "≤ 2 s", "gateway-2 ejected catalog-2"),
		finding("recovery", trial, harness.Pass, "2.39 s", "±20 ms", "≤ 10 s", "the registry dropped catalog-2 when its lease expired"),
		advisory,
	}
}

func passSample() sample {
	v := verdict(harness.Pass, "One killed catalog replica cost readers 3 of 10,560 requests and 10 ms, noticed after 220 ms and routed around after 2.4 s: every limit holds.")
	v.Findings = killFindings(1)
	v.Trials = []harness.Measurement{killMeasurement(1)}
	return sample{[]harness.Verdict{v}, []harness.Evidence{killEvidence(1)}}
}

// failSample is a platform without ejection and without a registry's view: a
// third of the requests fails until the alert makes somebody act.
func failSample() sample {
	v := verdict(harness.Fail, "One killed catalog replica cost readers 1,962 of 10,560 requests and 19.6 s of downtime: the limits for failed requests, downtime and detection were missed.")
	e := killEvidence(1)
	e.Seconds = sampleSeconds(47*time.Second, 3, func(at time.Duration) (int, time.Duration) {
		if at >= ms(12100) && at < ms(31800) {
			return 8 + int(at/ms(100))%4, ms(1990)
		}
		return 0, 0
	})
	e.Outages = []harness.Outage{{Window: harness.Window{From: ms(12103), To: ms(31720)}, Bad: 1962, Example: `Get "http://127.0.0.1:32811/api/catalog/items": dial tcp: connection refused`}}
	e.Signals = []harness.Signal{killSignals()[0], killSignals()[8], killSignals()[9], killSignals()[10], killSignals()[13]}
	m := killMeasurement(1)
	m.Bad, m.FailedFraction = 1962, 1962.0/10560
	m.Classes = map[harness.Class]int{harness.HTTP5xx: 1410, harness.Timeout: 552}
	m.SliceDowntime = harness.Downtime{Total: ms(19700), Resolution: ms(100), Availability: 1 - 19.7/35.2}
	m.OutageDowntime = harness.Downtime{Total: ms(19617), Resolution: ms(3), Availability: 1 - 19.617/35.2}
	m.Outages, m.Episodes = e.Outages, e.Outages
	m.Latency = map[string]time.Duration{"p50": ms(3), "p90": ms(7), "p99": ms(1985), "p99.9": ms(1990), "max": ms(1990)}
	r := &m.Recovery
	r.Detected = seen(21120, 22120, "prometheus", "InstanceDown catalog-2")
	r.Noticed = harness.Stamp{State: harness.Censored, Hi: ms(32080)}
	r.Misnamed = seen(24000, 25000, "gateway-1", "ejected catalog-1")
	r.Diagnosed = harness.Stamp{State: harness.NotSeen}
	r.Repaired = seen(32600, 32700, "catalog-2", "ready again")
	r.Restored = seen(31717, 31720, "load", "within 99.99 % for 10 s")
	r.Data = r.Repaired
	r.Phases = []harness.Phase{phase("detection", 10026, 1000), {Name: "diagnosis", State: harness.Censored, Length: ms(10580)}, {Name: "repair", State: harness.NotSeen}, phase("data", 0, 0)}
	r.Total = harness.Phase{Name: "recovery", State: harness.Seen, Length: ms(20606), Resolution: ms(100)}
	r.Recovered = harness.Phase{Name: "recovery", State: harness.Censored, Length: ms(19986)}
	r.Notes = []string{"nothing named the faulted replica before it was started again"}
	v.Findings = []harness.Finding{
		finding("failed", 1, harness.Fail, "18.6 %", "", "≤ 0.1 %", "1,962 of 10,560 requests failed, 1,410 of them with a 5xx status"),
		finding("downtime", 1, harness.Fail, "19.6 s", "±3 ms", "≤ 100 ms", "one outage from 12.10 s to 31.72 s"),
		finding("detection", 1, harness.Fail, "10 s", "±1 s", "≤ 2 s", "the first to notice was the alert InstanceDown"),
		finding("recovery", 1, harness.Fail, "20.6 s", "±50 ms", "≤ 10 s", "catalog-2 was ready again only after the fault was removed"),
	}
	v.Trials = []harness.Measurement{m}
	return sample{[]harness.Verdict{v}, []harness.Evidence{e}}
}

// invalidSample is a runner that was too slow to send what it planned.
func invalidSample() sample {
	v := verdict(harness.Invalid, "this run says nothing about the stack: 11 % of the planned requests were not sent (at most 1 % may be missing).")
	v.Scenario = "gateway-kill"
	v.Hypothesis = "killing one of three gateways costs readers nothing they can notice"
	e := killEvidence(1)
	e.Plan.Scenario.Name, e.Plan.Scenario.Source = v.Scenario, "scenarios/gateway-kill.yaml"
	e.Injections[0].Fault = `container-kill "gateway-3"`
	e.Signals = e.Signals[:1]
	e.Seconds = e.Seconds[:31]
	e.Stages = e.Stages[:3]
	e.Stages[2].To = ms(31000)
	e.Injections[0].Removed, e.Injections[0].RemovedAt = false, 0
	e.Injections[0].Error = `recover container-kill "gateway-3": start container: context deadline exceeded`
	e.Problems = []harness.Problem{{Code: harness.GeneratorSaturated, At: ms(24000), Detail: "send lag p99 is 182 ms over the last second, want at most 50 ms"}}
	e.End = harness.End{Reason: harness.Interrupted, At: ms(31000), Detail: "signal: interrupt"}
	m := killMeasurement(1)
	m.NotSent, m.Generator = 1161, harness.GeneratorHealth{Shortfall: 0.11, LagP99: ms(182), CPUShare: 1.94}
	m.Recovery = harness.RecoveryTime{
		Applies: true, Effective: seen(12093, 12094, "containers", "gateway-3 died"),
		Phases: []harness.Phase{{Name: "detection", State: harness.Censored, Length: ms(18906)}, {Name: "diagnosis", State: harness.NotSeen}, {Name: "repair", State: harness.NotSeen}, {Name: "data", State: harness.NotSeen}},
		Total:  harness.Phase{Name: "recovery", State: harness.Censored, Length: ms(18906)},
	}
	f := finding("trial", 1, harness.Invalid, "", "", "", "11 % of the planned requests were not sent (at most 1 % may be missing).")
	f.Code, f.Needs = harness.LoadShortfall, "another trial"
	v.Findings = []harness.Finding{f}
	v.Trials = []harness.Measurement{m}
	return sample{[]harness.Verdict{v}, []harness.Evidence{e}}
}

// inconclusiveSample is a clean steady state that is too short.
func inconclusiveSample() sample {
	v := verdict(harness.Inconclusive, "No request of 9,000 failed, and that is not enough to claim 99.99 % at 95 % confidence.")
	v.Scenario, v.Hypothesis = "steady-state", "without a fault at most one request in ten thousand fails"
	v.Stack.Kind, v.Stack.Banner = "inproc", "No container engine answers: this ran against the in-process stack. It shows how fournines works and says nothing about containers."
	e := killEvidence(1)
	e.Stack = v.Stack
	e.Plan.Scenario.Source = "scenarios/steady-state.yaml"
	e.Plan.Scenario.Name, e.Plan.Injections, e.Injections, e.Signals, e.Outages = v.Scenario, nil, nil, nil, nil
	e.Seconds = sampleSeconds(32*time.Second, 5, func(time.Duration) (int, time.Duration) { return 0, 0 })
	e.Stages = []harness.StageRecord{e.Stages[0], {Stage: harness.Baseline, Window: harness.Window{From: ms(2000), To: ms(32000)}}}
	e.End.At = ms(32000)
	m := killMeasurement(1)
	m.Judged, m.Scheduled, m.Bad, m.FailedFraction, m.Classes = harness.Window{From: ms(2000), To: ms(32000)}, 9000, 0, 0, nil
	m.Recovery, m.Outages, m.Episodes = harness.RecoveryTime{}, nil, nil
	m.OutageDowntime = harness.Downtime{Resolution: ms(3), Availability: 1}
	f := finding("steady-state", 1, harness.Inconclusive, "0 of 9,000", "", "≤ 0.01 %", "with no failure in 9,000 requests the error ratio is at most 0.033 % at 95 % confidence")
	f.Stage, f.Code, f.Confidence = harness.Baseline, harness.TooFewRequests, 0.95
	f.Needs = "20,956 more requests without a failure (70 s at 300/s): fournines run steady-state --for 100s"
	v.Findings = []harness.Finding{f}
	v.Trials = []harness.Measurement{m}
	return sample{[]harness.Verdict{v}, []harness.Evidence{e}}
}

// trialsSample is five injections, one of which misses the limit.
func trialsSample() sample {
	v := verdict(harness.Fail, "One of five injections missed its limit for failed requests: 31 of 10,560 instead of at most 11.")
	var s sample
	for n := 1; n <= 5; n++ {
		m, fs := killMeasurement(n), killFindings(n)
		m.Bad, m.FailedFraction = n-1, float64(n-1)/10560
		m.OutageDowntime.Total = ms(7 * (n - 1))
		m.Recovery.Recovered.Length = ms(2376 + 90*n*(n%3))
		if n == 4 {
			m.Bad, m.FailedFraction, m.OutageDowntime.Total = 31, 31.0/10560, ms(92)
			fs[0] = finding("failed", n, harness.Fail, "0.29 %", "", "≤ 0.1 %", "31 of 10,560 requests failed")
		}
		for i := range fs {
			fs[i].LimitValue = map[string]*float64{"failed": ptr(0.001), "downtime": ptr(0.1), "recovery": ptr(10.0)}[fs[i].Check]
		}
		v.Findings = append(v.Findings, fs...)
		v.Trials = append(v.Trials, m)
		s.evidence = append(s.evidence, killEvidence(n))
	}
	all := harness.Finding{Check: "injections", Outcome: harness.Fail, Code: harness.LimitExceeded, Measured: "4 of 5 good", Reason: fmt.Sprintf("%d injection missed a limit", 1)}
	v.Findings = append([]harness.Finding{all}, v.Findings...)
	s.verdicts = []harness.Verdict{v}
	return s
}
