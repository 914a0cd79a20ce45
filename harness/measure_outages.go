package harness

import (
	"cmp"
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// outagesIn returns the outages that touch w, cut to it and in order. One that
// was still open when load ended lasts until the end of w: nobody saw the
// service good again. Bad stays the count of the whole outage.
func outagesIn(ev Evidence, w Window) []Outage {
	var cut []Outage
	for _, o := range ev.Outages {
		if o.Open && w.To > o.To {
			if o.Folded > 0 {
				o.Sum += w.To - o.To
			}
			o.To = w.To
		}
		if !overlaps(o.Window, w) {
			continue
		}
		o.Window = intersect(o.Window, w)
		cut = append(cut, o)
	}
	slices.SortStableFunc(cut, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
	return cut
}

// mergeOutages joins outages, which are in order, over gaps shorter than gap.
// The example is that of the first.
func mergeOutages(outages []Outage, gap time.Duration) []Outage {
	var merged []Outage
	for _, o := range outages {
		if n := len(merged); n > 0 && o.From-merged[n-1].To < gap {
			last := &merged[n-1]
			if last.Folded+o.Folded > 0 {
				last.Folded, last.Sum = max(last.Folded, 1)+max(o.Folded, 1), last.Down()+o.Down()
			}
			last.To = max(last.To, o.To)
			last.Bad += o.Bad
			last.Open = last.Open || o.Open
			continue
		}
		merged = append(merged, o)
	}
	return merged
}

// outageDowntime is the time from the first bad to the next good event, summed
// over all outages. Each edge lies between two events of the schedule, so the
// resolution is 1/rate.
func outageDowntime(outages []Outage, judged Window, rate float64) Downtime {
	d := Downtime{Resolution: eventGap(rate)}
	// Outages cannot overlap; should a file say so, no time is counted twice.
	for _, o := range mergeOutages(outages, 1) {
		d.Total += o.Down()
	}
	d.Availability = slo.Availability(d.Total, judged.Length())
	return d
}

// eventGap is the time between two scheduled events at a rate in requests per
// second; 0 when there is no rate.
func eventGap(rate float64) time.Duration {
	if !(rate > 0) {
		return 0
	}
	return time.Duration(min(float64(time.Second)/rate, float64(longestSlice)))
}
