package calibrate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

const ms = time.Millisecond

// from is a window of milliseconds.
func from(from, to int) harness.Window {
	return harness.Window{From: time.Duration(from) * ms, To: time.Duration(to) * ms}
}

func measured(windows ...harness.Window) []harness.Outage {
	var all []harness.Outage
	for _, w := range windows {
		all = append(all, harness.Outage{Window: w, Bad: int(w.Length() / ms)})
	}
	return all
}

func TestMeasuredOutagesBelongToTheTrueOneTheyShareMostTimeWith(t *testing.T) {
	for _, test := range []struct {
		rule     string
		measured []harness.Outage
		first    int // pieces of 100 to 200 ms
		second   int // pieces of 300 to 400 ms
		invented int
	}{
		{"one each", measured(from(101, 201), from(299, 402)), 1, 1, 0},
		{"nothing seen", nil, 0, 0, 0},
		{"one in pieces", measured(from(100, 120), from(125, 200)), 2, 0, 0},
		{"two seen as one", measured(from(150, 400)), 0, 1, 0},
		{"just beside, within the slack", measured(from(90, 95), from(405, 410)), 1, 1, 0},
		{"beside, beyond the slack", measured(from(80, 89), from(250, 260), from(411, 412)), 0, 0, 3},
	} {
		t.Run(test.rule, func(t *testing.T) {
			truth := []Outage{{Truth: from(100, 200)}, {Truth: from(300, 400)}}
			invented := assign(truth, test.measured, 10*ms)
			got := []int{len(truth[0].Measured), len(truth[1].Measured), len(invented)}
			if diff := cmp.Diff([]int{test.first, test.second, test.invented}, got); diff != "" {
				t.Errorf("pieces of the first and the second, invented (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsOfAnOutage(t *testing.T) {
	o := Outage{Truth: from(100, 200), Failed: 90, Measured: measured(from(103, 150), from(152, 198))}
	if o.begin() != 3*ms || o.end() != -2*ms {
		t.Errorf("edges are off by %s and %s, want 3ms and -2ms", o.begin(), o.end())
	}
	if o.down() != -7*ms {
		t.Errorf("downtime is off by %s, want -7ms: the good time between is no downtime", o.down())
	}
	if o.count() != 3 {
		t.Errorf("count is off by %d, want 3", o.count())
	}
	if missed := (Outage{Failed: 4}); missed.found() || missed.count() != -4 {
		t.Errorf("of a missed outage the count is off by %d, want -4", missed.count())
	}
}

// sentEvery is a ledger of n requests, one every 2 ms from start; late holds
// the lag of some.
func sentEvery(start time.Time, n int, late map[int]time.Duration) *ledger {
	l := &ledger{}
	for i := range n {
		due := start.Add(time.Duration(i) * 2 * ms)
		e := harness.Event{Seq: uint64(i), Intended: due, Sent: due.Add(late[i]), Class: harness.OK}
		e.Latency = max(0, late[i])
		if late[i] < 0 {
			e.Sent, e.Class = time.Time{}, harness.NotSent
		}
		l.enter(e)
	}
	return l
}

func TestTruthIsTheScheduledRequestsOfTheOutage(t *testing.T) {
	base := time.Now()
	l := sentEvery(base.Add(10*ms), 100, map[int]time.Duration{20: 5 * ms, 60: 30 * ms})
	for _, test := range []struct{ from, to, want int }{
		{10, 12, 1}, // the first
		{11, 12, 0}, // between two
		{10, 30, 10},
		{11, 30, 9}, // begin counts, end does not
		{0, 1000, 100},
		{30, 10, 0},
	} {
		w := from(test.from, test.to)
		if got := l.scheduled(base.Add(w.From), base.Add(w.To)); got != test.want {
			t.Errorf("%d requests due from %s to %s, want %d", got, w.From, w.To, test.want)
		}
	}
	counted, refused := newOutage(0, Erring, 0, 0), newOutage(1, Refused, 0, 0)
	counted.begin, counted.end = base.Add(20*ms), base.Add(52*ms)
	refused.begin, refused.end = base.Add(80*ms), base.Add(128*ms)
	counted.failed.Store(99)
	refused.failed.Store(99)
	got := truths(trial{base: base, ledger: l}, []*outage{counted, refused}, 4*ms)
	want := []Outage{
		{Case: 0, Mode: Erring, Truth: from(20, 52), Failed: 99, Lag: 5 * ms},
		{Case: 1, Mode: Refused, Truth: from(80, 128), Failed: 24, Lag: 30 * ms},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("truths (-want +got):\n%s", diff)
	}
}

func TestSendingCountsLateAndUnsentRequests(t *testing.T) {
	got := sentEvery(time.Now(), 10, map[int]time.Duration{3: ms, 4: ms + 1, 5: 7 * ms, 6: -1}).sending()
	want := Sending{Scheduled: 10, NotSent: 1, Lag: Spread{N: 9, Median: 0, P99: 7 * ms, Max: 7 * ms}, OnTime: .7}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sending (-want +got):\n%s", diff)
	}
	if got := (&ledger{}).sending(); got.OnTime != 0 || got.Scheduled != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestSpread(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i-100)*ms) // -100 to -1
	}
	if diff := cmp.Diff(Spread{N: 100, Median: 50 * ms, P99: 99 * ms, Max: 100 * ms}, spreadOf(hundred)); diff != "" {
		t.Errorf("of 100 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Spread{N: 2, Median: 3, P99: 4, Max: 4}, spreadOf([]time.Duration{4, -3})); diff != "" {
		t.Errorf("of two (-want +got):\n%s", diff)
	}
	if got := spreadOf(nil); got != (Spread{}) {
		t.Errorf("of nothing: %+v", got)
	}
}
