package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fournines/fournines/harness/slo"
)

// keptWhole is the evidence that lines come to when every record is kept in
// memory as it comes.
func keptWhole(t *rapid.T, lines []byte) Evidence {
	var whole Evidence
	for line := range bytes.Lines(lines) {
		var rec record
		if err := json.Unmarshal(line, &rec); err != nil {
			t.Fatal(err)
		}
		whole.apply(rec)
	}
	return whole
}

// stream feeds the events of one load or prober.
type stream struct {
	prober string
	seq    uint64
	at     time.Duration
}

var drawnClass = rapid.SampledFrom([]Class{OK, OK, OK, OK, OK, Slow, Reset, Timeout, NotSent})

// feed lets some events arrive, in an order of their own.
func (s *stream) feed(t *rapid.T, r *recorder) {
	burst := make([]Event, rapid.IntRange(1, 40).Draw(t, "events"))
	for i := range burst {
		s.at += time.Duration(rapid.IntRange(1, 150).Draw(t, "gap")) * time.Millisecond
		at := r.base.Add(s.at)
		burst[i] = Event{Seq: s.seq, Intended: at, Class: drawnClass.Draw(t, "class")}
		if burst[i].Class != NotSent {
			burst[i].Sent = at.Add(time.Duration(rapid.IntRange(0, 90_000).Draw(t, "lag")) * time.Microsecond)
			burst[i].Latency = time.Duration(rapid.IntRange(0, 3_000_000).Draw(t, "latency")) * time.Microsecond
			burst[i].Served = rapid.SampledFrom([][]string{nil, {"catalog-1"}, {"catalog-2", "gateway-1"}}).Draw(t, "served")
		}
		if burst[i].Class == Reset {
			burst[i].Detail = fmt.Sprint("reset ", rapid.IntRange(0, 3).Draw(t, "detail"))
		}
		s.seq++
	}
	for _, ev := range rapid.Permutation(burst).Draw(t, "order") {
		r.events(s.prober)(ev)
	}
}

// drawnRecord is a record of the engine itself.
func drawnRecord(t *rapid.T) record {
	at, n := time.Duration(rapid.IntRange(0, 1<<40).Draw(t, "at")), rapid.IntRange(0, 3).Draw(t, "n")
	stages := []Stage{Steady, Baseline, Disruption, Recovery}
	return []record{
		{Stage: &StageRecord{Stage: stages[n], Window: Window{From: at / 2, To: at}}},
		{Injection: &InjectionRecord{Index: n, Action: "noop", InjectAt: at, Effective: n > 1}},
		{Check: &CheckRecord{Probe: "p", Stage: stages[n], At: at, OK: n > 0}},
		{Ledger: &LedgerRecord{State: LedgerOpen, At: at, Acknowledged: n}},
		{Problem: &Problem{Code: ClockJump, At: at, Detail: "é\u2028<&"}},
	}[rapid.IntRange(0, 4).Draw(t, "kind")]
}

// What is read back when a trial closes is, to the bit, what would have been
// kept in memory, and so is what a reader of the sink gets.
func TestEvidenceReadBackIsWhatWasRecorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sink bytes.Buffer
		base := time.Unix(1_800_000_000, 0).UTC()
		plan := testPlan("one")
		plan.Scenario.SLO.LatencyBound = time.Second
		r := newRecorder(Header{Schema: EvidenceSchema, RunID: "r", Plan: plan, Start: base}, base, &sink, "", "fresh", "kept")
		streams := []*stream{{}, {prober: "fresh"}, {prober: "kept"}}
		t.Repeat(map[string]func(*rapid.T){
			"events": func(t *rapid.T) { rapid.SampledFrom(streams).Draw(t, "stream").feed(t, r) },
			"record": func(t *rapid.T) { r.write(drawnRecord(t)) },
			"signal": func(t *rapid.T) {
				at := base.Add(time.Duration(rapid.IntRange(0, 1<<40).Draw(t, "at")))
				r.signal(Signal{Time: at, Source: "registry", Kind: LeaseExpired, Subject: "catalog-1"})
			},
			"flush": func(t *rapid.T) {
				if err := r.flush(); err != nil {
					t.Fatal(err)
				}
			},
			"look": func(t *rapid.T) {
				checkLook(t, r.look(), keptWhole(t, slices.Concat(sink.Bytes(), r.pending.Bytes())))
			},
		})
		r.finishLoad()
		ev, err := r.close(End{Reason: Completed, At: time.Minute, Detail: "done"})
		if err != nil {
			t.Fatal(err)
		}
		whole := keptWhole(t, sink.Bytes())
		read, err := ReadEvidence(&sink)
		if err != nil || len(read) != 1 {
			t.Fatalf("%d trials in the sink, %v", len(read), err)
		}
		for name, got := range map[string]Evidence{"back": ev, "from the sink": read[0]} {
			if !reflect.DeepEqual(whole, got) {
				t.Fatalf("evidence read %s is not what was recorded (-recorded +read):\n%s", name, cmp.Diff(asJSON(t, whole), asJSON(t, got)))
			}
		}
	})
}

// checkLook holds a look to the whole evidence of that moment: it lacks what
// Look says and nothing else, and whoever looks decides the same.
func checkLook(t *rapid.T, look Look, whole Evidence) {
	whole.Probers = nil
	if got, want := look.LagP99, generatorHealth(whole).LagP99; got != want {
		t.Fatalf("lag p99 %s; want %s", got, want)
	}
	closed := len(whole.Outages)
	whole.Outages = append(whole.Outages, look.Evidence.Outages[closed:]...) // the open one
	look.Left = time.Minute                                                  // which the trial fills in, not the recorder
	asBefore := Look{Evidence: whole, Left: look.Left}
	light := whole
	light.Seconds = nil
	for _, s := range whole.Seconds {
		s.Classes, s.Latency, s.Lag, s.Served = nil, slo.Histogram{}, slo.Histogram{}, nil
		light.Seconds = append(light.Seconds, s)
	}
	if diff := cmp.Diff(asJSON(t, light), asJSON(t, look.Evidence)); diff != "" {
		t.Fatalf("a look lacks more than it may (-want +got):\n%s", diff)
	}
	if keptSchedule(look) != keptSchedule(asBefore) {
		t.Fatal("a look and the whole evidence differ in whether the schedule was kept")
	}
	for _, share := range []float64{.1, .3} {
		s := Safety{Bad: share, For: 2 * time.Second}
		if got, want := s.exceeded(look.Evidence.Seconds, 0), s.exceeded(whole.Seconds, 0); got != want {
			t.Fatalf("safety %q; want %q", got, want)
		}
	}
	s := whole.Plan.Scenario
	s.Faults, s.SLO.Availability = nil, .9
	if got, want := StopEarly(s, nil, 0)(look), StopEarly(s, nil, 0)(asBefore); got != want {
		t.Fatalf("a rule says %q; want %q", got, want)
	}
}

func asJSON(t *rapid.T, v any) string {
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
