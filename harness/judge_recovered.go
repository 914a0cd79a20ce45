package harness

import (
	"fmt"
	"time"
)

// judgeTotal holds the recovery to its limit: the platform has to have dealt
// with the fault (t6) and users have to be served again for good (t5), both
// within it. The worse of the two decides, and the later is what is shown. A
// time after the recovery in which users were without service again is said.
func judgeTotal(f Finding, r RecoveryTime, limit time.Duration) Finding {
	platform := judgeState(f, r.Total, limit, "the platform had dealt with the fault %s", "the platform did not recover by itself")
	users := judgeUsers(f, r, limit)
	later := r.Restored.Lo > r.Effective.Hi && r.Restored.Hi-r.Effective.Hi > r.Total.Length
	worst := platform
	if users.Outcome != platform.Outcome && platform.Outcome.Worse(users.Outcome) == users.Outcome ||
		users.Outcome == platform.Outcome && later {
		worst = users
	}
	if again := r.relapsed(); again != "" {
		worst.Reason += " " + sentence(again+", which counts as downtime and not as recovery")
	}
	return worst
}

// judgeUsers holds t5 to the limit of the recovery.
func judgeUsers(f Finding, r RecoveryTime, limit time.Duration) Finding {
	if r.Restored.State == NotSeen {
		return unobserved(f, limit, "no request was sent after the fault: whether users were served again is unknown")
	}
	// In both other states Lo is the last moment at which service was down.
	down := max(0, r.Restored.Lo-r.Effective.Hi)
	unknown := func(needs, format string, args ...any) Finding {
		f.Measured, f.MeasuredValue, f.Needs = "> "+formatDuration(down), number(down.Seconds()), needs
		return unobserved(f, limit, fmt.Sprintf(format, args...))
	}
	switch {
	case down > limit:
		f.Measured, f.MeasuredValue = "> "+formatDuration(down), number(down.Seconds())
		withLimit(&f, limit)
		f.Outcome, f.Code = Fail, LimitExceeded
		if r.Restored.State == Censored || r.helped() {
			f.Code = NotRecovered
		}
		f.Reason = sentence(fmt.Sprintf("users were still not served %s after the fault, the limit is %s", formatDuration(down), formatDuration(limit)))
		return f
	case r.Restored.State == Censored:
		return unknown("a longer recovery stage",
			"users were last without service %s after the fault, and %s; the limit is %s",
			formatDuration(down), r.Restored.Detail, formatDuration(limit))
	case r.helped():
		return unknown("a fault that lasts longer than the limit",
			"users were served again %s after the fault, but not before the harness set out to remove it after %s; the limit is %s",
			r.after(r.Restored.Hi), r.after(r.Removal), formatDuration(limit))
	}
	return judgeSpan(f, phaseBetween(TotalPhase, Seen, r.Effective, r.Restored), limit, "users were served again %s")
}
