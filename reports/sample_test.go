package reports

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/fournines/fournines/harness"
)

// The samples are what a run of catalog-replica-kill looks like: 47 s at 300
// requests/s, a kill at 12 s that costs 3 requests, and what the platform
// says about it.

const (
	sampleRun  = "20261123-140211-7f3a"
	sampleSeed = 42
)

var sampleStart = time.Date(2026, 11, 23, 14, 2, 11, 250e6, time.UTC)

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func ptr[T any](v T) *T { return &v }

func sampleScenario() harness.Scenario {
	return harness.Scenario{
		Name:       "catalog-replica-kill",
		Hypothesis: "killing one of three catalog replicas costs readers nothing they can notice",
		Load:       harness.LoadSpec{Rate: 300, Mix: "browse", Timeout: 2 * time.Second},
		Stages:     harness.Stages{Steady: 2 * time.Second, Baseline: 10 * time.Second, Disruption: 20 * time.Second, Recovery: 15 * time.Second},
		SLO:        harness.SLO{Availability: 0.9999, LatencyQuantiles: map[string]time.Duration{"p99": ms(250)}},
		Limits:     harness.Limits{FailedFraction: ptr(0.0001), Downtime: ptr(ms(100)), Detection: ptr(2 * time.Second), Recovery: ptr(10 * time.Second)},
		Source:     "scenarios/catalog-replica-kill.yaml",
	}
}

func sampleStack() harness.StackInfo {
	return harness.StackInfo{
		Kind:     "docker",
		Versions: map[string]string{"etcd": "3.4.23", "haproxy": "2.6.12", "platform": "sha256:2f9d1c0a7b41", "prometheus": "2.42.0"},
	}
}

func sampleHeader(s harness.Scenario, trial int) harness.Header {
	return harness.Header{
		Schema: harness.EvidenceSchema, RunID: sampleRun, Start: sampleStart.Add(time.Duration(trial-1) * time.Minute),
		Plan: harness.Plan{Schema: harness.PlanSchema, Scenario: s, Seed: sampleSeed, Trial: trial, Injections: []harness.PlannedInjection{
			{Action: "container-kill", Targets: []string{"catalog-2"}, Duration: 20 * time.Second},
		}},
		Tool:        harness.ToolInfo{Version: "v0.1.0", Commit: "3c1f9ab", Go: "go1.26.8"},
		Environment: map[string]string{"cores": "2", "kernel": "6.18.5", "engine": "20.10.24", "os": "linux/amd64"},
		Stack:       sampleStack(),
	}
}

// hurt says how many of a tick's requests are bad, and how slow the slowest
// good one is.
type hurt func(at time.Duration) (bad int, slowest time.Duration)

// sampleSeconds is load at 300/s for the given time.
func sampleSeconds(length time.Duration, seed uint64, h hurt) []harness.Second {
	random := rand.New(rand.NewPCG(seed, 9))
	var all []harness.Second
	for at := time.Duration(0); at < length; at += time.Second {
		s := harness.Second{At: at, CPU: ms(70 + random.IntN(20)), Classes: map[harness.Class]int{}}
		for i := range s.Ticks {
			bad, slowest := h(at + time.Duration(i)*harness.TickWidth)
			s.Ticks[i] = harness.Tick{Scheduled: 30, Bad: bad}
			if bad > 0 {
				s.Classes[harness.HTTP5xx] += bad
			}
			for range 30 - bad {
				s.Latency.Record(time.Duration(float64(ms(3)) * math.Exp(0.45*random.NormFloat64())))
			}
			if slowest > 0 {
				s.Latency.Record(slowest)
			}
			for range 30 {
				s.Lag.Record(time.Duration(80+random.IntN(300)) * time.Microsecond)
			}
		}
		all = append(all, s)
	}
	return all
}

func stages() []harness.StageRecord {
	at := func(stage harness.Stage, from, to float64) harness.StageRecord {
		return harness.StageRecord{Stage: stage, Window: harness.Window{From: ms(int(from * 1000)), To: ms(int(to * 1000))}}
	}
	return []harness.StageRecord{at(harness.Steady, 0, 2), at(harness.Baseline, 2, 12), at(harness.Disruption, 12, 32.08), at(harness.Recovery, 32.08, 47.2)}
}

func signal(at time.Duration, source, subject string, kind harness.Kind, resolution time.Duration, detail string) harness.Signal {
	return harness.Signal{Time: sampleStart.Add(at), At: at, Source: source, Subject: subject, Kind: kind, Resolution: resolution, Detail: detail}
}

func killSignals() []harness.Signal {
	c := "catalog-2"
	return []harness.Signal{
		signal(ms(12094), "containers", c, harness.Died, ms(1), "exit code 137"),
		signal(ms(12310), "gateway-2", c, harness.Ejected, ms(100), "3 consecutive failures: connection refused"),
		signal(ms(12330), "gateway-1", c, harness.Ejected, ms(100), "3 consecutive failures: connection refused"),
		signal(ms(12410), "gateway-3", c, harness.Ejected, ms(100), "3 consecutive failures: connection refused"),
		signal(ms(14480), "registry", c, harness.LeaseExpired, ms(20), "lease 2s"),
		signal(ms(14490), "gateway-1", c, harness.Removed, ms(100), "registry: key deleted"),
		signal(ms(14492), "gateway-2", c, harness.Removed, ms(100), "registry: key deleted"),
		signal(ms(14495), "gateway-3", c, harness.Removed, ms(100), "registry: key deleted"),
		signal(ms(17120), "prometheus", c, harness.AlertPending, time.Second, "InstanceDown"),
		signal(ms(22120), "prometheus", c, harness.AlertFiring, time.Second, "InstanceDown"),
		signal(ms(32310), "containers", c, harness.Started, ms(1), ""),
		signal(ms(32640), "registry", c, harness.Registered, ms(20), ""),
		signal(ms(32660), "gateway-1", c, harness.Added, ms(100), "registry: key set"),
		signal(ms(37120), "prometheus", c, harness.AlertResolved, time.Second, "InstanceDown"),
	}
}

func killInjection() harness.InjectionRecord {
	return harness.InjectionRecord{
		Action: "container-kill", Fault: `container-kill "catalog-2"`, Targets: []string{"catalog-2"},
		Undo:     harness.UndoRecipe{Summary: "start catalog-2", Command: "docker start catalog-2"},
		InjectAt: ms(12000), InjectedAt: ms(12090), EffectiveAt: ms(12096), Effective: true,
		RecoverAt: ms(32080), RemovedAt: ms(32700), Removed: true,
	}
}

func killOutages() []harness.Outage {
	return []harness.Outage{
		{Window: harness.Window{From: ms(12103), To: ms(12110)}, Bad: 2, Example: "503 Service Unavailable"},
		{Window: harness.Window{From: ms(12207), To: ms(12210)}, Bad: 1, Example: "503 Service Unavailable"},
	}
}

func killEvidence(trial int) harness.Evidence {
	return harness.Evidence{
		Header: sampleHeader(sampleScenario(), trial), Stages: stages(),
		Track: harness.Track{Seconds: sampleSeconds(47*time.Second, uint64(trial), func(at time.Duration) (int, time.Duration) {
			switch {
			case at == ms(12100):
				return 2, ms(61)
			case at == ms(12200):
				return 1, ms(48)
			}
			return 0, 0
		}), Outages: killOutages()},
		Signals: killSignals(), Injections: []harness.InjectionRecord{killInjection()},
		Checks: []harness.CheckRecord{{Probe: "GET edge /healthz", Stage: harness.Steady, At: ms(400), OK: true}},
		End:    harness.End{Reason: harness.Completed, At: ms(47200)},
	}
}

func seen(lo, hi int, source, detail string) harness.Stamp {
	return harness.Stamp{State: harness.Seen, Lo: ms(lo), Hi: ms(hi), Source: source, Detail: detail}
}

func phase(name string, length, resolution int) harness.Phase {
	return harness.Phase{Name: name, State: harness.Seen, Length: ms(length), Resolution: ms(resolution)}
}

func killRecovery() harness.RecoveryTime {
	return harness.RecoveryTime{
		Applies:   true,
		Effective: seen(12093, 12094, "containers", "catalog-2 died, exit code 137"),
		Impact:    seen(12100, 12103, "load", "503 Service Unavailable"),
		Detected:  seen(12210, 12310, "gateway-2", "ejected catalog-2"),
		Noticed:   seen(12210, 12310, "gateway-2", "ejected catalog-2"),
		Paged:     seen(21120, 22120, "prometheus", "InstanceDown catalog-2"),
		Diagnosed: seen(12210, 12310, "gateway-2", "names catalog-2"),
		Repaired:  seen(14460, 14480, "registry", "lease of catalog-2 expired"),
		Restored:  seen(12207, 12210, "load", "within 99.99 % for 10 s"),
		Data:      seen(14460, 14480, "registry", "lease of catalog-2 expired"),
		Phases:    []harness.Phase{phase("detection", 216, 100), phase("diagnosis", 0, 100), phase("repair", 2170, 100), phase("data", 0, 0)},
		Recovered: harness.Phase{Name: "recovery", State: harness.Seen, Length: ms(2386), Resolution: ms(20)},
		Total:     harness.Phase{Name: "recovery", State: harness.Seen, Length: ms(2386), Resolution: ms(20)},
	}
}

func killMeasurement(trial int) harness.Measurement {
	return harness.Measurement{
		Trial: trial, Judged: harness.Window{From: ms(12000), To: ms(47200)}, Scheduled: 10560, Bad: 3, FailedFraction: 3.0 / 10560,
		Classes:        map[harness.Class]int{harness.HTTP5xx: 3},
		SliceDowntime:  harness.Downtime{Total: 0, Resolution: ms(100), Availability: 1},
		OutageDowntime: harness.Downtime{Total: ms(10), Resolution: ms(3), Availability: 1 - 0.010/35.2},
		Outages:        killOutages(), Episodes: []harness.Outage{{Window: harness.Window{From: ms(12103), To: ms(12210)}, Bad: 3}},
		Latency:   map[string]time.Duration{"p50": 3 * time.Millisecond, "p90": ms(5), "p99": 8900 * time.Microsecond, "p99.9": ms(13), "max": ms(61)},
		Recovery:  killRecovery(),
		Generator: harness.GeneratorHealth{Shortfall: 0, LagP99: 370 * time.Microsecond, CPUShare: 0.08},
	}
}
