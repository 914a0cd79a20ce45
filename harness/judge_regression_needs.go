package harness

import (
	"fmt"
	"math"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// mostChances bounds how much more evidence is worth naming.
const mostChances = 1000

// needsTimes says how many trials would tell on which side of the margin a
// shift lies, if it is what it was estimated to be, and how long they take
// (package slo: TrialsToTell); level is the two-sided error that is allowed.
func (c comparison) needsTimes(shift slo.Shift, margin time.Duration, n, m int, level float64) string {
	candidate, baseline, ok := shift.TrialsToTell(margin, n, m, Confidence, level)
	switch {
	case !ok || max(candidate, baseline) > mostChances:
		return fmt.Sprintf("a clearer difference: more than %s trials of both the candidate and the baseline would be needed", formatCount(mostChances))
	case baseline > m:
		return fmt.Sprintf("at least %d trials of the candidate and %d of the baseline, %s",
			candidate, baseline, trialTime(c.scenario, candidate-n+baseline-m))
	}
	return fmt.Sprintf("%s of the candidate (%d in all), %s", plural(candidate-n, "more trial"), candidate, trialTime(c.scenario, candidate-n))
}

// needsEpisodes says how many chances on either side would show one more
// episode in each.
func (c comparison) needsEpisodes(now, then arm, chances float64, of string) string {
	rate, base := perChance(now, then, chances)
	for n := math.Max(1, math.Ceil(chances)); n <= mostChances; n++ {
		if slo.LogEWorse(n*rate+n, n*base, .5) >= -math.Log(alpha) {
			return fmt.Sprintf("%s of both the candidate and the baseline%s", plural(int(n), of), c.takesInjections(n-chances, of))
		}
	}
	return "a steadier baseline: it fails so often that one more is not seen"
}

// needsToRefute says how many chances of the candidate, failing as they did,
// would refute it among all checks.
func (c comparison) needsToRefute(now, then arm, chances float64, of string) string {
	rate, _ := perChance(now, then, chances)
	one := float64(now.exposure) / chances
	for n := math.Ceil(chances) + 1; n <= mostChances; n++ {
		theta := n * one / (n*one + float64(then.exposure))
		if chanceOf(slo.LogEWorse(n*rate, float64(then.episodes), theta)) <= c.refutedAt() {
			return fmt.Sprintf("%s like these%s, which would refute it, or a run of this scenario alone",
				plural(int(math.Ceil(n-chances)), "more "+of), c.takesInjections(n-chances, of))
		}
	}
	return "a longer baseline, or a run of this scenario alone"
}

// perChance is how many episodes each side has in one chance of the candidate.
func perChance(now, then arm, chances float64) (rate, base float64) {
	one := float64(now.exposure) / chances
	return float64(now.episodes) / float64(now.exposure) * one, float64(then.episodes) / float64(then.exposure) * one
}

// takesInjections is ", about 12m" for n more injections. It is empty for
// minutes, which say it themselves, and for none.
func (c comparison) takesInjections(n float64, of string) string {
	if of != "injection" || n <= 0 {
		return ""
	}
	return ", " + trialTime(c.scenario, int(math.Ceil(n)))
}

// trialTime is "about 34 min": the stages of n trials, without set-up.
func trialTime(s Scenario, n int) string {
	total := float64(n) * float64(s.Stages.Total())
	return "about " + formatDuration(time.Duration(min(total, float64(slo.Never)/2)))
}
