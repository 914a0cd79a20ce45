package slo

import (
	"math"
	"time"
)

// Year is the mean Julian year of 365.25 days that yearly budgets refer to.
const Year = 365*24*time.Hour + 6*time.Hour

// ErrorRatio is 1-target, the share of events that an objective allows to be
// bad, freed of the rounding of binary fractions: 0.9999 gives 0.0001 exactly.
// It is clamped to [0,1].
func ErrorRatio(target float64) float64 {
	if math.IsNaN(target) {
		return 0
	}
	return min(max(math.Round((1-target)*1e12)/1e12, 0), 1)
}

// Budget is how long a service may be down in a period and still meet the
// target: (1-target)*period. 99.99 % of a Year is 52.596 minutes.
func Budget(target float64, period time.Duration) time.Duration {
	return time.Duration(math.Round(ErrorRatio(target) * float64(period)))
}

// BurnRate is how many times faster than allowed the error budget is used up
// at an error ratio: ratio/(1-target) (SRE Workbook, chapter 5). Over a whole
// window it is the share of the budget that was burnt. It is 0 when nothing
// failed and +Inf when something failed and nothing may. A ratio that is not a
// number burns nothing: 0; say first whether there was one.
func BurnRate(ratio, target float64) float64 {
	if !(ratio > 0) {
		return 0
	}
	allowed := ErrorRatio(target)
	if allowed == 0 {
		return math.Inf(1)
	}
	return ratio / allowed
}

// Availability is 1 - downtime/total, clamped to [0,1]. Of no time at all
// nothing is known: it is 0, so that no data is never read as available.
func Availability(downtime, total time.Duration) float64 {
	if total <= 0 {
		return 0
	}
	return min(max(1-float64(downtime)/float64(total), 0), 1)
}

// Fraction is part/whole in [0,1] for counts, and 0 when whole is not
// positive: never NaN.
func Fraction(part, whole int) float64 {
	if whole <= 0 {
		return 0
	}
	return min(max(float64(part)/float64(whole), 0), 1)
}
