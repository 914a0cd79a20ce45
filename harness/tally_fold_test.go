package harness

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// flaky is a stream of n requests, one a millisecond, of which those fail that
// bad names.
func flaky(n int, bad func(i int) bool, emit func(record)) *tally {
	base := time.Unix(0, 0)
	t := newTally(base, 0, emit)
	for i := range n {
		class := OK
		if bad(i) {
			class = Reset
		}
		at := base.Add(time.Duration(i) * time.Millisecond)
		t.add(Event{Seq: uint64(i), Intended: at, Sent: at, Class: class})
	}
	return t
}

// What is folded says the same of downtime and of bad requests as if every
// outage had been kept.
func TestManyOutagesAreFoldedWithoutALoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		every := rapid.IntRange(2, 9).Draw(t, "every")
		n := every*maxOutages + rapid.IntRange(1000, 20_000).Draw(t, "more")
		open := rapid.Bool().Draw(t, "open")
		fails := func(i int) bool { return i%every == 0 || open && i >= n-every }
		var outages []Outage
		flaky(n, fails, func(r record) {
			if r.Outage != nil {
				outages = append(outages, *r.Outage)
			}
		}).close()
		single, bad := 0, 0
		for i := range n {
			if fails(i) {
				bad++
				if i == 0 || !fails(i-1) {
					single++
				}
			}
		}
		seconds := n/1000 + 2
		if most := maxOutages + seconds; len(outages) > most {
			t.Fatalf("%d records are kept; want at most %d", len(outages), most)
		}
		kept, counted := 0, 0
		for _, o := range outages {
			kept += max(o.Folded, 1)
			counted += o.Bad
		}
		if kept != single || counted != bad {
			t.Errorf("%d outages with %d bad requests are kept; want %d with %d", kept, counted, single, bad)
		}
		if got := outages[len(outages)-1].Open; got != fails(n-1) {
			t.Errorf("the last outage is open: %v", got)
		}
		// Each bad request costs a millisecond; one that is open at the end
		// lasts until the last event.
		want := time.Duration(bad) * time.Millisecond
		if fails(n - 1) {
			want -= time.Millisecond
		}
		whole := Window{To: time.Duration(n) * time.Millisecond}
		if got := outageDowntime(outages, whole, 1000).Total; got != want {
			t.Errorf("downtime %v; want %v", got, want)
		}
	})
}

func TestFewOutagesAreKeptOneByOne(t *testing.T) {
	flaky(5000, func(i int) bool { return i%2 == 0 }, func(r record) {
		if r.Outage != nil && r.Outage.Folded != 0 {
			t.Errorf("folded: %+v", *r.Outage)
		}
	}).close()
}

func TestMergingKeepsWhatIsFolded(t *testing.T) {
	merged := mergeOutages([]Outage{
		{Window: Window{0, 10}, Bad: 1},
		{Window: Window{12, 40}, Bad: 3, Folded: 3, Sum: 6},
	}, 5)
	want := Outage{Window: Window{0, 40}, Bad: 4, Folded: 4, Sum: 16}
	if len(merged) != 1 || merged[0] != want || merged[0].Down() != 16 {
		t.Errorf("merged to %+v, want %+v", merged, want)
	}
}
