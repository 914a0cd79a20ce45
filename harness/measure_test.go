package harness

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSlicesHoldTwentyEventsAtTheRate(t *testing.T) {
	for rate, ticks := range map[float64]int{
		1000: 1, 300: 1, 200: 1, 199: 2, 100: 2, 66.7: 3, 50: 4, 10: 20, 1: 200,
		0: 1, -5: 1, 1e-9: 36_000,
	} {
		if got := sliceTicks(rate); got != ticks {
			t.Errorf("%g/s: got %d ticks, want %d", rate, got, ticks)
		}
	}
	if sliceTicks(math.NaN()) != 1 || sliceTicks(math.Inf(1)) != 1 {
		t.Error("a rate that is no number must give the shortest slice")
	}
}

// ticksOf makes ticks of n events each, of which bad[i] were bad.
func ticksOf(n int, bad ...int) []tickAt {
	var ticks []tickAt
	for i, b := range bad {
		from := time.Duration(i) * TickWidth
		ticks = append(ticks, tickAt{Window{from, from + TickWidth}, Tick{n, b}})
	}
	return ticks
}

func TestSliceIsDownBelowNinetyFivePercentGood(t *testing.T) {
	for _, c := range []struct {
		scheduled, bad int
		want           bool
	}{{20, 0, false}, {20, 1, false}, {20, 2, true}, {100, 5, false}, {100, 6, true}, {30, 30, true}, {0, 0, false}} {
		if got := (slice{Tick: Tick{c.scheduled, c.bad}}).down(); got != c.want {
			t.Errorf("%d bad of %d: got down %v, want %v", c.bad, c.scheduled, got, c.want)
		}
	}
}

func TestSlicesAreCutWithoutRestAndEndAtHoles(t *testing.T) {
	lengths := func(cut []slice) (ms []int64) {
		for _, s := range cut {
			ms = append(ms, s.Length().Milliseconds())
		}
		return ms
	}
	seven := ticksOf(5, 0, 0, 0, 0, 0, 0, 0)
	if diff := cmp.Diff([]int64{300, 400}, lengths(cutSlices(seven, 3))); diff != "" {
		t.Errorf("the rest belongs to the last slice (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{700}, lengths(cutSlices(seven, 50))); diff != "" {
		t.Errorf("less than one slice is one slice (-want +got):\n%s", diff)
	}
	hole := append(seven[:2:2], seven[4:]...)
	if diff := cmp.Diff([]int64{200, 300}, lengths(cutSlices(hole, 3))); diff != "" {
		t.Errorf("a hole ends a slice (-want +got):\n%s", diff)
	}
	if got := cutSlices(nil, 3); got != nil {
		t.Errorf("of nothing: got %v", got)
	}
}

func TestOutagesAreCutToTheWindow(t *testing.T) {
	w := Window{10, 20}
	ev := Evidence{Track: Track{Outages: []Outage{
		{Window: Window{1, 10}, Bad: 1},              // over before
		{Window: Window{5, 12}, Bad: 2},              // begins before
		{Window: Window{14, 15}, Bad: 3},             // inside
		{Window: Window{18, 18}, Bad: 4, Open: true}, // the last event was bad
		{Window: Window{20, 25}, Bad: 5},             // begins after
	}}}
	want := []Outage{
		{Window: Window{10, 12}, Bad: 2},
		{Window: Window{14, 15}, Bad: 3},
		{Window: Window{18, 20}, Bad: 4, Open: true},
	}
	if diff := cmp.Diff(want, outagesIn(ev, w)); diff != "" {
		t.Errorf("outages (-want +got):\n%s", diff)
	}
	if got := outageDowntime(outagesIn(ev, w), w, 300).Total; got != 5 {
		t.Errorf("downtime: got %d ns, want 5", got)
	}
}

func TestOutagesCloserThanTheGapAreOneEpisode(t *testing.T) {
	outages := []Outage{
		{Window: Window{0, 1e9}, Bad: 1, Example: "first"},
		{Window: Window{1.9e9, 2e9}, Bad: 2, Example: "second"},
		{Window: Window{3e9, 4e9}, Bad: 4, Open: true},
	}
	want := []Outage{
		{Window: Window{0, 2e9}, Bad: 3, Example: "first"},
		{Window: Window{3e9, 4e9}, Bad: 4, Open: true},
	}
	if diff := cmp.Diff(want, mergeOutages(outages, EpisodeGap)); diff != "" {
		t.Errorf("episodes (-want +got):\n%s", diff)
	}
	overlapping := []Outage{{Window: Window{0, 10}}, {Window: Window{5, 12}}, {Window: Window{12, 13}}}
	if got := outageDowntime(overlapping, Window{0, 100}, 1).Total; got != 13 {
		t.Errorf("time counted twice: got %d, want 13", got)
	}
}

func TestBothDefinitionsOfDowntimeAndAvailability(t *testing.T) {
	m := Measure(trialOf(killing(Limits{}), failing(12, 15.5, 1), failing(20, 21, 30)))
	if m.OutageDowntime.Total != seconds(3.5) || m.SliceDowntime.Total != seconds(3.5) {
		t.Errorf("got %v by outages, %v by slices; want 3.5s by both", m.OutageDowntime.Total, m.SliceDowntime.Total)
	}
	if m.OutageDowntime.Availability != .9 || m.SliceDowntime.Availability != .9 {
		t.Errorf("got %g and %g, want 0.9 of 35 s", m.OutageDowntime.Availability, m.SliceDowntime.Availability)
	}
	if m.OutageDowntime.Resolution != time.Second/300 || m.SliceDowntime.Resolution != TickWidth {
		t.Errorf("resolutions: got %v and %v", m.OutageDowntime.Resolution, m.SliceDowntime.Resolution)
	}
	if want := 35*30 + 10; m.Bad != want || m.Scheduled != 10_500 || m.Classes[Refused] != want {
		t.Errorf("got %d bad (%v) of %d, want %d of 10,500", m.Bad, m.Classes, m.Scheduled, want)
	}
}

func TestEdgesOfTheJudgedWindow(t *testing.T) {
	move := func(ev *Evidence) {
		ev.Stages[1].To, ev.Stages[2].From = seconds(10.05), seconds(10.05)
		ev.Stages[0].To, ev.Stages[1].From = seconds(4.95), seconds(4.95)
	}
	if m := Measure(trialOf(killing(Limits{}), move, failed(10, 3), failed(44.9, 2))); m.Bad != 5 {
		t.Errorf("with a fault: got %d bad, want all 5 of the ticks at the edges", m.Bad)
	}
	if m := Measure(trialOf(killing(Limits{}), move, failing(9, 11, 1))); m.SliceDowntime.Total != seconds(.95) || m.OutageDowntime.Total != seconds(.95) {
		t.Errorf("down from before the window: got %v by slices, %v by outages; want 950ms", m.SliceDowntime.Total, m.OutageDowntime.Total)
	}
	s := resting(.9999, seconds(10))
	if m := Measure(trialOf(s, func(ev *Evidence) { ev.Stages[1].From = seconds(5.05) }, failed(5, 3), failed(5.1, 1))); m.Bad != 1 || m.Scheduled != 99*30 {
		t.Errorf("baseline: got %d bad of %d, want 1 of the 2,970 in whole ticks", m.Bad, m.Scheduled)
	}
}

func TestKilledTrialIsMeasuredAsFarAsItWent(t *testing.T) {
	m := Measure(trialOf(killing(Limits{}), failing(12, 13, 1), func(ev *Evidence) {
		ev.Seconds, ev.Stages, ev.End = ev.Seconds[:20], ev.Stages[:3], End{}
		ev.Stages[2].To = ev.Stages[2].From // never left
	}))
	if want := (Window{seconds(10), seconds(20)}); m.Judged != want || m.Bad != 300 || m.Scheduled != 3000 {
		t.Errorf("got %v, %d of %d; want %v, 300 of 3000", m.Judged, m.Bad, m.Scheduled, want)
	}
}

func TestGeneratorHealth(t *testing.T) {
	m := Measure(trialOf(killing(Limits{}), fewer(20, 270), func(ev *Evidence) {
		ev.Seconds[20].Classes = map[Class]int{NotSent: 270}
	}))
	if got := m.Generator.Shortfall; math.Abs(got-.02) > 1e-9 {
		t.Errorf("270 of 13,500 not sent: got %g, want 0.02", got)
	}
	if m.NotSent != 270 || m.Classes != nil {
		t.Errorf("got %d not sent, classes %v; want 270 and none against the stack", m.NotSent, m.Classes)
	}
	if g := m.Generator; math.Abs(g.CPUShare-.1) > 1e-9 || g.LagP99.Round(100*time.Microsecond) != time.Millisecond {
		t.Errorf("got CPU share %g, lag %v; want 0.1, 1ms", g.CPUShare, g.LagP99)
	}
	if g := Measure(trialOf(killing(Limits{}), fewer(44, 1<<20))).Generator; g.Shortfall < .02 {
		t.Errorf("requests without any event: got shortfall %g, want 1/45", g.Shortfall)
	}
}

func TestProbersAreMeasuredApart(t *testing.T) {
	ev := trialOf(killing(Limits{}))
	fresh := Track{Outages: []Outage{{Window: Window{seconds(10.5), seconds(11)}, Bad: 10}}}
	for at := range 45 {
		s := Second{At: time.Duration(at) * time.Second}
		for i := range s.Ticks {
			s.Ticks[i].Scheduled = 2
		}
		if at == 10 {
			for i := 5; i < 10; i++ {
				s.Ticks[i].Bad = 2
			}
		}
		fresh.Seconds = append(fresh.Seconds, s)
	}
	without := Measure(ev)
	ev.Probers = map[string]Track{"fresh": fresh, "pooled": {}}
	m := Measure(ev)
	if len(m.Probers) != 2 || m.Probers[0].Name != "fresh" || m.Probers[1].Name != "pooled" {
		t.Fatalf("probers %+v; want fresh and pooled", m.Probers)
	}
	p := m.Probers[0]
	if p.Bad != 10 || p.Downtime.Total != 500*time.Millisecond || p.Downtime.Resolution != 50*time.Millisecond {
		t.Errorf("got %+v; want 10 bad and 500 ms ± 50 ms of downtime", p)
	}
	if p := m.Probers[1]; p.Scheduled != 0 || p.FailedFraction != 0 {
		t.Errorf("a prober without events: got %+v", p)
	}
	m.Probers = nil
	if diff := cmp.Diff(without, m); diff != "" {
		t.Errorf("a prober changed what the load measured:\n%s", diff)
	}
}
