package calibrate

import (
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// A request every 2 ms from start; number 50 is due at 100 ms.
func TestLatestIsWhatTheMachineDelayed(t *testing.T) {
	start := time.Now()
	at := func(n int) time.Time { return start.Add(time.Duration(n) * ms) }
	for _, test := range []struct {
		rule    string
		of      harness.Event // number 50; sent after a lag of 1 ms
		decided int           // ms; when the target failed it on purpose, 0 never
		want    time.Duration
	}{
		{"an answer that took 70 ms", harness.Event{Class: harness.OK, Latency: 70 * ms}, 0, 70 * ms},
		{"a refusal that took 70 ms", harness.Event{Class: harness.Refused, Latency: 70 * ms}, 0, 70 * ms},
		{"not the wait that the script made", harness.Event{Class: harness.Timeout, Latency: 500 * ms}, 103, 3 * ms},
		{"the lag, when the target's decision came within it", harness.Event{Class: harness.HTTP5xx, Latency: ms}, 100, ms},
		{"a request that was not sent", harness.Event{Class: harness.NotSent}, 0, timeout},
	} {
		t.Run(test.rule, func(t *testing.T) {
			l := sentEvery(start, 200, nil)
			e := test.of
			e.Seq, e.Intended, e.Sent = 50, at(100), at(101)
			l.enter(e)
			if test.decided > 0 {
				l.settle(map[uint64]time.Time{50: at(test.decided), 1000: at(1)})
			}
			if got := l.latest(at(100), at(102)); got != test.want {
				t.Errorf("latest about it is %s, want %s", got, test.want)
			}
		})
	}
	t.Run("a request that is still under way counts where it is", func(t *testing.T) {
		l := sentEvery(start, 200, map[int]time.Duration{50: 70 * ms})
		if got := l.latest(at(160), at(164)); got != 70*ms {
			t.Errorf("latest 60 ms after it is %s, want 70 ms", got)
		}
		if got := l.latest(at(172), at(176)); got != 0 {
			t.Errorf("latest 72 ms after it is %s, want nothing", got)
		}
	})
}

func TestBlurOfAnEdgeCountsAsTheMachines(t *testing.T) {
	start := time.Now()
	o := newOutage(0, Erring, 0, 0)
	o.begin, o.end, o.blur = start.Add(20*ms), start.Add(40*ms), 13*ms
	got := truths(trial{base: start, ledger: sentEvery(start, 100, nil)}, []*outage{o}, 2*ms)
	if got[0].Lag != 13*ms {
		t.Errorf("lag is %s, want the 13 ms between stamp and edge", got[0].Lag)
	}
}
