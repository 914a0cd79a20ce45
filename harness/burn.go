package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// burnPeriod is the period of the error budget that the SRE Workbook's burn
// rates are for.
const burnPeriod = 30 * 24 * time.Hour

// BurnAlert is a multi-window burn-rate alert of the SRE Workbook (chapter 5)
// and what it would do.
type BurnAlert struct {
	// Long and Short are its windows: both have to burn faster than Factor times
	// what the objective allows.
	Long, Short time.Duration
	Factor      float64
	// Pages says that it calls people; otherwise it opens a ticket.
	Pages bool
	// After is how long requests have to fail before it fires, with windows
	// that hold nothing but good requests before. One scrape and one evaluation
	// come on top.
	After time.Duration
}

// BurnAlerts are the alerts that would fire if the share ratio of all requests
// went on failing, the first one first. It is empty when none would: at that
// ratio the budget of thirty days lasts them out, or the objective is none.
// Without an alert nobody is called, however long it goes on.
func (s SLO) BurnAlerts(ratio float64) []BurnAlert {
	if !(s.Availability > 0) || !(s.Availability < 1) {
		return nil
	}
	var firing []BurnAlert
	for _, a := range slo.WorkbookAlerts(burnPeriod) {
		if after, ok := a.Delay(s.Availability, ratio); ok {
			// In order: a shorter window waits for a smaller share of the budget.
			firing = append(firing, BurnAlert{a.Long, a.Short, a.Factor, a.Long < 24*time.Hour, after})
		}
	}
	return firing
}
