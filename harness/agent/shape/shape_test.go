package shape

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fates are those of n packets.
func fates(p Plan, n int) []Fate {
	s := New(p)
	out := make([]Fate, n)
	for i := range out {
		out[i] = s.Next()
	}
	return out
}

func rate(all []Fate, is func(Fate) bool) float64 {
	n := 0
	for _, f := range all {
		if is(f) {
			n++
		}
	}
	return float64(n) / float64(len(all))
}

// moments of what was held, in milliseconds, and the correlation of each with
// the one before.
func moments(all []Fate) (mean, deviation, correlation float64) {
	var x []float64
	for _, f := range all {
		x = append(x, f.Hold.Seconds()*1e3)
	}
	for _, v := range x {
		mean += v / float64(len(x))
	}
	var squares, products float64
	for i, v := range x {
		squares += (v - mean) * (v - mean)
		if i > 0 {
			products += (v - mean) * (x[i-1] - mean)
		}
	}
	return mean, math.Sqrt(squares / float64(len(x))), products / squares
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestLatenciesHaveTheMomentsAskedFor(t *testing.T) {
	for _, tt := range []struct {
		distribution                 Distribution
		correlation                  float64
		deviation, lagged, tolerance float64
	}{
		{Uniform, 0, 10 / math.Sqrt(3), 0, 0.1},
		{Uniform, 0.5, 10 / math.Sqrt(3), 6 / math.Pi * math.Asin(0.25), 0.2}, // Spearman's of a normal pair
		{Normal, 0, 10, 0, 0.1},
		{Normal, 0.8, 10, 0.8, 0.3},
		{Pareto, 0, 9.2, 0, 0.6}, // 10 without the cut
		{Pareto, 0.5, 9.2, 0.36, 0.6},
	} {
		all := fates(Plan{Latency: 100 * time.Millisecond, Jitter: 10 * time.Millisecond, Distribution: tt.distribution, Correlation: tt.correlation, Seed: 7}, 200_000)
		mean, deviation, lagged := moments(all)
		if !near(mean, 100, tt.tolerance) || !near(deviation, tt.deviation, tt.tolerance) || !near(lagged, tt.lagged, 0.06) {
			t.Errorf("%s, correlation %v: mean %.3f, deviation %.3f, lagged %.3f; want 100, %.3f, %.3f", tt.distribution, tt.correlation, mean, deviation, lagged, tt.deviation, tt.lagged)
		}
	}
}

func TestLatenciesStayWithinTheirBounds(t *testing.T) {
	plan := Plan{Latency: 20 * time.Millisecond, Jitter: 20 * time.Millisecond, Seed: 3}
	for distribution, bounds := range map[Distribution][2]time.Duration{
		Uniform: {0, 40 * time.Millisecond}, Normal: {0, 200 * time.Millisecond},
		Pareto: {8 * time.Millisecond, time.Second},
	} {
		plan.Distribution = distribution
		for _, f := range fates(plan, 50_000) {
			if f.Hold < bounds[0] || f.Hold > bounds[1] {
				t.Fatalf("%s: held for %s, want from %s to %s", distribution, f.Hold, bounds[0], bounds[1])
			}
		}
	}
	if all := fates(Plan{Latency: time.Second, Distribution: Pareto}, 10); slices.ContainsFunc(all, func(f Fate) bool { return f.Hold != time.Second }) {
		t.Errorf("without jitter: %v", all)
	}
}

func TestSharesAreKept(t *testing.T) {
	plan := Plan{Loss: 0.1, Duplicate: 0.2, Corrupt: 0.3, Reorder: 0.4, HoldBack: time.Millisecond, Distribution: Uniform, Seed: 1}
	all := fates(plan, 100_000)
	kept := slices.DeleteFunc(slices.Clone(all), func(f Fate) bool { return f.Drop })
	for name, got := range map[string][2]float64{
		"loss":      {rate(all, func(f Fate) bool { return f.Drop }), 0.1},
		"duplicate": {rate(kept, func(f Fate) bool { return f.Duplicate }), 0.2},
		"corrupt":   {rate(kept, func(f Fate) bool { return f.Corrupt }), 0.3},
		"reorder":   {rate(kept, func(f Fate) bool { return f.Overtaken && f.Hold == time.Millisecond }), 0.4},
	} {
		if !near(got[0], got[1], 0.01) {
			t.Errorf("%s: %.4f, want %v", name, got[0], got[1])
		}
	}
}

func TestEveryGapThIsHeldBack(t *testing.T) {
	for i, f := range fates(Plan{Gap: 5, HoldBack: time.Second, Distribution: Uniform}, 20) {
		if f.Overtaken != (i%5 == 4) {
			t.Errorf("packet %d: %+v", i, f)
		}
	}
}

func TestBurstsHaveTheMeanAndLengthOfTheirChain(t *testing.T) {
	for _, b := range []Bursts{{0.01, 0.2, 0, 1}, {0.05, 0.1, 0.01, 0.8}} {
		all := fates(Plan{Bursts: &b, Distribution: Uniform, Seed: 5}, 500_000)
		if got := rate(all, func(f Fate) bool { return f.Drop }); !near(got, b.Mean(), 0.05*b.Mean()) {
			t.Errorf("%+v: lost %.4f, want %.4f", b, got, b.Mean())
		}
	}
	// With everything lost in bad and nothing in good a burst is as long as a
	// stay in bad: geometric with mean 1/R.
	var bursts, lost int
	for i, all := 0, fates(Plan{Bursts: &Bursts{0.02, 0.25, 0, 1}, Distribution: Uniform, Seed: 9}, 500_000); i < len(all); i++ {
		if all[i].Drop {
			lost++
			if i == 0 || !all[i-1].Drop {
				bursts++
			}
		}
	}
	if length := float64(lost) / float64(bursts); !near(length, 4, 0.1) {
		t.Errorf("mean burst of %.3f packets, want 4", length)
	}
}

func TestTheSameSeedDecidesTheSame(t *testing.T) {
	plan := Plan{Latency: time.Second, Jitter: time.Second, Distribution: Normal, Correlation: 0.3, Loss: 0.5, Duplicate: 0.5, Corrupt: 0.5, Seed: 4}
	if !slices.Equal(fates(plan, 100), fates(plan, 100)) {
		t.Error("one seed, two streams")
	}
	other := plan
	other.Seed++
	if slices.Equal(fates(plan, 100), fates(other, 100)) {
		t.Error("two seeds, one stream")
	}
}

func TestQueueKeepsOrderAndTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q Queue
		type packet struct {
			due       time.Duration
			overtaken bool
		}
		var packets []packet
		var now time.Duration
		var left []uint32
		release := func() {
			for {
				id, mark, ok := q.Pop(now)
				if !ok {
					break
				}
				if mark != id+1 {
					t.Fatalf("packet %d has mark %d", id, mark)
				}
				if packets[id].due > now {
					t.Fatalf("packet %d left at %s, before %s", id, now, packets[id].due)
				}
				left = append(left, id)
			}
			if due, ok := q.Due(); ok && due <= now {
				t.Fatalf("something is due at %s and still there at %s", due, now)
			}
		}
		for range rapid.IntRange(0, 60).Draw(t, "packets") {
			now += time.Duration(rapid.IntRange(0, 20).Draw(t, "passes"))
			release()
			p := packet{now + time.Duration(rapid.IntRange(0, 100).Draw(t, "hold")), rapid.Bool().Draw(t, "overtaken")}
			id := uint32(len(packets))
			packets = append(packets, p)
			q.Push(id, id+1, now, p.due-now, p.overtaken)
		}
		most := now + 101
		now = most
		release()
		if len(left) != len(packets) || q.Len() != 0 {
			t.Fatalf("%d of %d packets left, %d held", len(left), len(packets), q.Len())
		}
		inOrder := slices.DeleteFunc(slices.Clone(left), func(id uint32) bool { return packets[id].overtaken })
		if !slices.IsSorted(inOrder) {
			t.Fatalf("order was not kept: %v", inOrder)
		}
	})
}

func TestQueueBreaksTiesByArrival(t *testing.T) {
	var q Queue
	for id := range uint32(20) {
		q.Push(id, 0, 0, time.Second, id%2 == 0)
	}
	for id := range uint32(20) {
		if got, _, ok := q.Pop(time.Second); !ok || got != id {
			t.Fatalf("Pop = %d, %v, want %d", got, ok, id)
		}
	}
}

func TestPlanIsReadAsWritten(t *testing.T) {
	for _, p := range []Plan{
		{Latency: 100 * time.Millisecond, Jitter: 7 * time.Microsecond, Correlation: 0.25, Distribution: Pareto, Seed: math.MaxUint64},
		{Bursts: &Bursts{0.1, 0.2, 0.3, 0.4}, Distribution: Uniform},
		{Duplicate: 1.0 / 3, Corrupt: 0.5, GoodChecksum: true, Gap: 4, HoldBack: time.Second, Loss: 1, Distribution: Normal},
	} {
		got, err := Parse(p.Args())
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("Parse = %+v, %v, want %+v", got, err, p)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]string
		want string
	}{
		"nothing":               {nil, "nothing would happen"},
		"jitter above latency":  {map[string]string{"latency": "1ms", "jitter": "2ms"}, "want jitter not above the latency of 1ms, saw 2ms"},
		"a share above 1":       {map[string]string{"loss": "1.5"}, "want loss from 0 to 1, saw 1.5"},
		"no number":             {map[string]string{"corrupt": "much"}, `argument "corrupt": want a number, saw "much"`},
		"no time":               {map[string]string{"latency": "5"}, `argument "latency": want a duration, saw "5"`},
		"another distribution":  {map[string]string{"latency": "5ms", "distribution": "flat"}, `saw "flat"`},
		"bursts without an end": {map[string]string{"p": "0.1", "r": "0", "lossBad": "1"}, "want p and r above 0"},
		"bursts without a loss": {map[string]string{"p": "0.1", "r": "0.1"}, "want lossGood or lossBad above 0"},
		"reorder without time":  {map[string]string{"gap": "5"}, "wants both"},
		"NaN":                   {map[string]string{"loss": "NaN"}, "want loss from 0 to 1, saw NaN"},
	} {
		if _, err := Parse(c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Parse error = %v, want %s", name, err, c.want)
		}
	}
}
