package harness

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// events makes n events at 100/s; those in [from, to) are bad.
func events(base time.Time, n, from, to int) []Event {
	evs := make([]Event, n)
	for i := range evs {
		at := base.Add(time.Duration(i) * 10 * time.Millisecond)
		evs[i] = Event{Seq: uint64(i), Intended: at, Sent: at, Latency: time.Millisecond, Class: OK}
		if i >= from && i < to {
			evs[i].Class, evs[i].Detail = Refused, "connection refused"
		}
	}
	return evs
}

func record3s(evs []Event, base time.Time, bound time.Duration) Evidence {
	var e Evidence
	tally := newTally(base, bound, func(r record) { e.apply(r) })
	for _, ev := range evs {
		tally.add(ev)
	}
	tally.close()
	return e
}

func TestTallyDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	base := time.Now()
	evs := events(base, 300, 120, 137)
	want := record3s(evs, base, 0)
	shuffled := append([]Event(nil), evs...)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	got := record3s(shuffled, base, 0)
	for _, e := range []*Evidence{&want, &got} {
		for i := range e.Seconds {
			e.Seconds[i].CPU, e.Seconds[i].Stolen = 0, 0
		}
	}
	if diff := cmp.Diff(mustJSON(t, want), mustJSON(t, got)); diff != "" {
		t.Errorf("in order and shuffled differ:\n%s", diff)
	}
	if len(got.Outages) != 1 || got.Outages[0].From != 1200*time.Millisecond || got.Outages[0].To != 1370*time.Millisecond || got.Outages[0].Bad != 17 {
		t.Errorf("outages %+v; want one of 17 events from 1.2s to 1.37s", got.Outages)
	}
	if got.Outages[0].Example != "refused: connection refused" {
		t.Errorf("example %q", got.Outages[0].Example)
	}
}

func TestTallyOutageAtTheEndIsOpen(t *testing.T) {
	base := time.Now()
	e := record3s(events(base, 300, 290, 300), base, 0)
	if len(e.Outages) != 1 || !e.Outages[0].Open || e.Outages[0].To != 2990*time.Millisecond {
		t.Errorf("outages %+v; want one that is open at the last event, 2.99s", e.Outages)
	}
}

func TestTallySlowAnswersAreBad(t *testing.T) {
	base := time.Now()
	evs := events(base, 100, 0, 0)
	evs[50].Latency = 300 * time.Millisecond
	e := record3s(evs, base, 250*time.Millisecond)
	if e.Seconds[0].Classes[Slow] != 1 || e.Seconds[0].Ticks[5].Bad != 1 {
		t.Errorf("classes %v, ticks %v; want one slow, bad event", e.Seconds[0].Classes, e.Seconds[0].Ticks)
	}
}

func TestTallyNotSentTakesNoSide(t *testing.T) {
	base := time.Now()
	evs := events(base, 100, 0, 0)
	evs[10] = Event{Seq: 10, Intended: evs[10].Intended, Class: NotSent}
	e := record3s(evs, base, 0)
	if e.Seconds[0].Classes[NotSent] != 1 || e.Seconds[0].Ticks[1].Scheduled != 9 || len(e.Outages) > 0 {
		t.Errorf("classes %v, ticks %v, outages %v", e.Seconds[0].Classes, e.Seconds[0].Ticks, e.Outages)
	}
}

func TestTallyCountsMissingEvents(t *testing.T) {
	base := time.Now()
	tally := newTally(base, 0, func(record) {})
	for _, ev := range events(base, 100, 0, 0) {
		if ev.Seq%10 != 3 {
			tally.add(ev)
		}
	}
	if got := tally.close(); got != 10 {
		t.Errorf("missing %d; want 10", got)
	}
}

func TestReadEvidence(t *testing.T) {
	header := `{"header":{"schema":1,"runId":"r","plan":{"schema":1,"scenario":{"name":"s"}},"stack":{"kind":"inproc"},"tool":{},"start":"2026-01-01T00:00:00Z"}}` + "\n"
	tests := map[string]struct {
		in      string
		trials  int
		wantErr string
	}{
		"empty file has no trials":               {"", 0, ""},
		"two trials":                             {header + header, 2, ""},
		"a torn last line is ignored":            {header + `{"stage":{"sta`, 1, ""},
		"a broken line is an error":              {header + "{\"stage\":\n{}\n", 0, "line 2"},
		"a newer schema is an error":             {strings.Replace(header, `"schema":1,"runId"`, `"schema":99,"runId"`, 1), 0, "want schema 1 to 1, saw 99"},
		"records need a header":                  {`{"end":{"reason":"completed"}}` + "\n", 0, "want a header first"},
		"a broken histogram is an error":         {header + `{"second":{"latency":"!!"}}` + "\n", 0, "histogram"},
		"killed when there is no end":            {header, 1, ""},
		"an unknown record is never passed over": {header + `{"newer":{}}` + "\n", 0, "line 2: want a record of a kind that this fournines knows, saw"},
		"a line of something else is an error":   {header + "null\n", 0, "line 2: want a record of a kind"},
		"after its end a trial is over":          {header + `{"end":{"reason":"completed"}}` + "\n" + `{"problem":{}}` + "\n", 0, "line 3: want a header after the end of a trial"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ReadEvidence(strings.NewReader(tt.in))
			if (err == nil) != (tt.wantErr == "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Fatalf("error %v; want %q", err, tt.wantErr)
			}
			if err == nil && len(got) != tt.trials {
				t.Errorf("%d trials; want %d", len(got), tt.trials)
			}
			for _, e := range got {
				if e.End.Reason != Killed {
					t.Errorf("end %q; want killed", e.End.Reason)
				}
			}
		})
	}
}

func TestWriteEvidenceRoundTrips(t *testing.T) {
	base := time.Now()
	e := record3s(events(base, 300, 10, 20), base, 0)
	e.Header = Header{Schema: EvidenceSchema, RunID: "r", Start: base.Round(0).UTC()}
	e.Stages = []StageRecord{{Stage: Baseline, Window: Window{To: time.Second}}}
	e.Checks = []CheckRecord{{Probe: "p", OK: true}}
	e.Signals = []Signal{{Source: "registry", Kind: LeaseExpired, Time: base.Round(0).UTC()}}
	e.Injections = []InjectionRecord{{Action: "noop"}}
	e.Problems = []Problem{{Code: ClockJump}}
	e.End = End{Reason: Completed}
	var buf bytes.Buffer
	if err := WriteEvidence(&buf, e); err != nil {
		t.Fatal(err)
	}
	got, err := ReadEvidence(&buf)
	if err != nil || len(got) != 1 {
		t.Fatalf("read %d trials, error %v", len(got), err)
	}
	if diff := cmp.Diff(mustJSON(t, e), mustJSON(t, got[0])); diff != "" {
		t.Error(diff)
	}
}
