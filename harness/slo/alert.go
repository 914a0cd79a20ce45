package slo

import "time"

// Alert is a multi-window burn-rate alert (SRE Workbook, chapter 5): it fires
// when the error budget burns faster than Factor over both windows, and has
// for For.
type Alert struct {
	Long, Short time.Duration
	// Factor is the burn rate: 1 spends the budget in exactly its period.
	Factor float64
	For    time.Duration
}

// BurnFactor is the burn rate that spends a share of the period's error budget
// within the long window: share * period / long. It is 0, which any error
// exceeds, unless all three are positive.
func BurnFactor(share float64, period, long time.Duration) float64 {
	if !(share > 0) || !finite(share) || period <= 0 || long <= 0 {
		return 0
	}
	return share * (float64(period) / float64(long))
}

// WorkbookAlerts are the four alerts that the SRE Workbook derives, most
// urgent first, with factors for a period of error budget: 2 % of it within
// 1 h and 5 % within 6 h page, 10 % within 1 day and 10 % within 3 days open a
// ticket. The short window is a twelfth of the long one. Over 30 days the
// factors are 14.4, 6, 3 and 1.
func WorkbookAlerts(period time.Duration) []Alert {
	const day = 24 * time.Hour
	var alerts []Alert
	for _, a := range []struct {
		share float64
		long  time.Duration
	}{{.02, time.Hour}, {.05, 6 * time.Hour}, {.1, day}, {.1, 3 * day}} {
		alerts = append(alerts, Alert{Long: a.long, Short: a.long / 12, Factor: BurnFactor(a.share, period, a.long)})
	}
	return alerts
}

// Threshold is the error ratio over a window that burns at Factor:
// Factor*(1-target).
func (a Alert) Threshold(target float64) float64 { return a.Factor * ErrorRatio(target) }

// Burns reports whether both windows burn faster than Factor, given their
// error ratios. A ratio that is not a number burns nothing.
func (a Alert) Burns(target, long, short float64) bool {
	return long > a.Threshold(target) && short > a.Threshold(target)
}

// BudgetShare is the share of a period's error budget that is gone when the
// long window reaches Factor: Factor * Long / period; 0 for no period.
func (a Alert) BudgetShare(period time.Duration) float64 {
	if period <= 0 {
		return 0
	}
	return a.Factor * (float64(a.Long) / float64(period))
}
