package harness

import (
	"maps"
	"slices"

	"github.com/fournines/fournines/harness/slo"
)

// proberMeasurements is what each prober saw in the judged window, by name.
func proberMeasurements(ev Evidence, judged Window) []ProberMeasurement {
	var all []ProberMeasurement
	for _, name := range slices.Sorted(maps.Keys(ev.Probers)) {
		view := ev
		view.Track = ev.Probers[name]
		p := ProberMeasurement{Name: name}
		for _, t := range judgedTicks(view, judged) {
			p.Scheduled += t.Scheduled
			p.Bad += t.Bad
		}
		p.FailedFraction = slo.Fraction(p.Bad, p.Scheduled)
		p.Outages = outagesIn(view, judged)
		rate := 0.0
		if length := judged.Length().Seconds(); length > 0 {
			rate = float64(p.Scheduled) / length
		}
		p.Downtime = outageDowntime(p.Outages, judged, rate)
		all = append(all, p)
	}
	return all
}
