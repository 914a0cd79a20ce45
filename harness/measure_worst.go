package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// windowLengths are those of Measurement.Worst.
var windowLengths = [...]time.Duration{time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute}

// worstWindows is the availability of the worst window of each length in
// ticks, which are in order. A hole between ticks is time in which nothing was
// scheduled.
func worstWindows(ticks []tickAt) []WorstWindow {
	if len(ticks) == 0 {
		return nil
	}
	first, last := ticks[0].From, ticks[len(ticks)-1].From
	regular := make([]slo.Tick, int((last-first)/TickWidth)+1)
	for _, t := range ticks {
		at := &regular[(t.From-first)/TickWidth]
		at.Good += float64(t.Scheduled - t.Bad)
		at.Total += float64(t.Scheduled)
	}
	var worst []WorstWindow
	for _, w := range slo.Windowed(regular, TickWidth, windowLengths[:]...) {
		from := first + w.From
		worst = append(worst, WorstWindow{Window: Window{from, from + w.Window}, Good: w.Worst})
	}
	return worst
}
