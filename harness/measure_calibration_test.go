package harness

import (
	"testing"
	"time"
)

// scripted is what the recorder makes of 300 requests per second against a
// stack that is down in the given windows and perfect otherwise.
func scripted(s Scenario, down ...Window) Evidence {
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ev := trialOf(s)
	ev.Seconds, ev.Outages = nil, nil
	tally := newTally(base, 0, ev.apply)
	for seq := range uint64(s.Load.Rate * s.Stages.Total().Seconds()) {
		at := time.Duration(seq) * time.Second / time.Duration(s.Load.Rate)
		e := Event{Seq: seq, Intended: base.Add(at), Sent: base.Add(at), Latency: 5 * time.Millisecond, Class: OK}
		for _, w := range down {
			if w.Contains(at) {
				e.Class = Refused
			}
		}
		tally.add(e)
	}
	tally.close()
	return ev
}

func TestMeasuredDowntimeIsTheTruthWithinItsResolution(t *testing.T) {
	s := killing(Limits{})
	for _, length := range []time.Duration{
		20 * time.Millisecond, 50 * time.Millisecond, 99 * time.Millisecond, 100 * time.Millisecond,
		333 * time.Millisecond, time.Second, 2718 * time.Millisecond, 10 * time.Second,
	} {
		for _, start := range []time.Duration{12 * time.Second, 12*time.Second + 77*time.Millisecond, 13*time.Second + 191*time.Millisecond} {
			m := Measure(scripted(s, Window{start, start + length}))
			if len(m.Outages) != 1 || len(m.Episodes) != 1 {
				t.Fatalf("%v at %v: got %d outages, %d episodes; want 1, 1", length, start, len(m.Outages), len(m.Episodes))
			}
			if off := (m.OutageDowntime.Total - length).Abs(); off > m.OutageDowntime.Resolution {
				t.Errorf("%v at %v: %v by outages, off by %v, more than %v", length, start, m.OutageDowntime.Total, off, m.OutageDowntime.Resolution)
			}
			// A slice is down as a whole: each edge may add up to one slice.
			if off := m.SliceDowntime.Total - length; off > 2*m.SliceDowntime.Resolution || off < -m.SliceDowntime.Resolution {
				t.Errorf("%v at %v: %v by slices, off by %v", length, start, m.SliceDowntime.Total, off)
			}
			if r := m.Recovery.Restored; r.State != Seen || (r.Hi-start-length).Abs() > m.SliceDowntime.Resolution+m.OutageDowntime.Resolution {
				t.Errorf("%v at %v: restored at %v (%s)", length, start, r.Hi, r.State)
			}
		}
	}
}

func TestSeparateOutagesAreSeparateEpisodes(t *testing.T) {
	m := Measure(scripted(killing(Limits{}), Window{seconds(12), seconds(12.2)}, Window{seconds(12.7), seconds(13)}, Window{seconds(20), seconds(21)}))
	if len(m.Outages) != 3 || len(m.Episodes) != 2 {
		t.Errorf("got %d outages in %d episodes, want 3 in 2", len(m.Outages), len(m.Episodes))
	}
	if off := (m.OutageDowntime.Total - seconds(1.5)).Abs(); off > 3*m.OutageDowntime.Resolution {
		t.Errorf("downtime: got %v, want 1.5s", m.OutageDowntime.Total)
	}
}
