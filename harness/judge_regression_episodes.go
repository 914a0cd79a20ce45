package harness

import (
	"fmt"
	"math"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// arm is one side of a comparison of episodes.
type arm struct {
	episodes int
	exposure time.Duration
}

func armOf(trials []judged) arm {
	var a arm
	for _, t := range trials {
		a.episodes += len(t.m.Episodes)
		a.exposure += t.m.Judged.Length()
	}
	return a
}

// episodesRegression asks whether requests fail in more episodes than in the
// baseline, per time judged (package slo: LogEWorse; it may be looked at any
// time). Worse is a Fail. No worse is a Pass only when a candidate that costs
// one episode more in each trial, or without faults in each minute, would have
// been refuted by as many trials.
func episodesRegression(s Scenario, ref string, sound, earlier []judged) Finding {
	now, then := armOf(sound), armOf(earlier)
	theta := float64(now.exposure) / float64(now.exposure+then.exposure)
	chances, of := float64(len(sound)), "injection"
	if len(s.Faults) == 0 {
		chances, of = now.exposure.Minutes(), "minute"
	}
	need := -math.Log(alpha)
	worse := slo.LogEWorse(float64(now.episodes), float64(then.episodes), theta)
	f := Finding{
		Check: "regression-episodes", Subject: ref, Confidence: Confidence,
		Measured:      fmt.Sprintf("%s in %s", plural(now.episodes, "episode"), formatDuration(now.exposure)),
		MeasuredValue: number(float64(now.episodes)),
		Limit:         fmt.Sprintf("%s in %s in the baseline", plural(then.episodes, "episode"), formatDuration(then.exposure)),
		LimitValue:    number(float64(then.episodes)),
	}
	said := fmt.Sprintf("Requests failed in %s, in the baseline in %s", f.Measured, plural(then.episodes, "episode")+" in "+formatDuration(then.exposure))
	switch {
	case !(theta > 0 && theta < 1):
		f.Code, f.Needs = NoBaseline, "a baseline with traffic"
		f.Reason = "There is nothing to compare: the baseline or the candidate holds no judged time."
	case worse >= need:
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = fmt.Sprintf("%s; at %s confidence that is more often.", said, exactPercent(Confidence))
	case slo.LogEWorse(float64(now.episodes)+chances, float64(then.episodes), theta) >= need:
		f.Outcome = Pass
		f.Reason = fmt.Sprintf("%s; nothing shows that it is more often, and one more per %s would have been seen.", said, of)
	default:
		f.Code = TooFewTrials
		f.Reason = fmt.Sprintf("%s; nothing shows that it is more often, but one more per %s would not have been seen either.", said, of)
		f.Needs = needsEpisodes(now, then, chances, of)
	}
	return f
}

// needsEpisodes says how many chances on either side would show one more
// episode in each.
func needsEpisodes(now, then arm, chances float64, of string) string {
	const most = 1000
	per := func(a arm) float64 {
		return float64(a.episodes) / float64(a.exposure) * float64(now.exposure) / chances
	}
	rate, base := per(now), per(then)
	for n := math.Max(1, math.Ceil(chances)); n <= most; n++ {
		if slo.LogEWorse(n*rate+n, n*base, .5) >= -math.Log(alpha) {
			return fmt.Sprintf("%s of both the candidate and the baseline", plural(int(n), of))
		}
	}
	return "a steadier baseline: it fails so often that one more is not seen"
}
