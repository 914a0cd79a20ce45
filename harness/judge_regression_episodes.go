package harness

import (
	"fmt"
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

// String is "2 episodes in 1m10s".
func (a arm) String() string {
	return fmt.Sprintf("%s in %s", plural(a.episodes, "episode"), formatDuration(a.exposure))
}

// episodes asks whether requests fail in more episodes than in the baseline,
// per time judged (package slo: LogEWorse; it may be looked at any time). Worse
// is a Fail. No worse is a Pass only when a candidate that costs one episode
// more in each trial, or without faults in each minute, would have been
// Suspect at least after as many trials.
func (c comparison) episodes() Finding {
	now, then := armOf(c.sound), arm{c.baseline.Episodes, c.baseline.Exposure}
	theta := float64(now.exposure) / float64(now.exposure+then.exposure)
	chances, of := float64(len(c.sound)), "injection"
	if len(c.scenario.Faults) == 0 {
		chances, of = now.exposure.Minutes(), "minute"
	}
	worse := chanceOf(slo.LogEWorse(float64(now.episodes), float64(then.episodes), theta))
	oneMore := chanceOf(slo.LogEWorse(float64(now.episodes)+chances, float64(then.episodes), theta))
	f := Finding{
		Check: "regression-episodes", Subject: c.baseline.Ref, Confidence: Confidence,
		Measured: now.String(), MeasuredValue: number(float64(now.episodes)),
		Limit: then.String() + " in the baseline", LimitValue: number(float64(then.episodes)),
	}
	said := fmt.Sprintf("Requests failed in %s, in the baseline in %s", now, then)
	if !(theta > 0 && theta < 1) {
		f.Code, f.Needs = NoBaseline, "a baseline with traffic"
		f.Reason = "There is nothing to compare: the baseline or the candidate holds no judged time."
		return f
	}
	f.Statistic = c.statistic(now.episodes, oneMore, worse)
	switch {
	case worse <= c.refutedAt():
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = fmt.Sprintf("%s; at %s confidence that is more often.", said, exactPercent(Confidence))
	case worse <= alpha:
		f.Code = Suspect
		f.Reason = said + c.among() + "."
		f.Needs = c.needsToRefute(now, then, chances, of)
	case oneMore <= alpha:
		f.Outcome = Pass
		f.Reason = fmt.Sprintf("%s; nothing shows that it is more often, and one more per %s would have been seen.", said, of)
	default:
		f.Code = TooFewTrials
		f.Reason = fmt.Sprintf("%s; nothing shows that it is more often, but one more per %s would not have been seen either.", said, of)
		f.Needs = c.needsEpisodes(now, then, chances, of)
	}
	return f
}
