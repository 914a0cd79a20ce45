package harness

import (
	"fmt"
	"math"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// assumption says what a pass rests on.
func (p *steadyProcess) assumption() string {
	switch {
	case p.phi > max(p.declared, 1):
		return "with failures that came together counted as one"
	case p.declared > 0:
		return "if one cause costs at most " + plural(int(math.Ceil(p.declared)), "request")
	}
	return "as far as requests fail one by one: the scenario declares no burst (slo.burst), so nothing is said about outages"
}

// needs says what would decide an open question the sooner: more seconds like
// those that were seen, where they point to a refutation, or requests without
// a failure.
func (p *steadyProcess) needs() string {
	clean, provable := p.test.CleanToHold()
	if _, refuting := p.test.LogE(); refuting > 0 {
		alike, ok := p.test.AlikeToRefute()
		if longer := p.secondsAlike(alike); ok && (!provable || longer < p.length(clean)) {
			return fmt.Sprintf("a longer run: about %s more like these would refute it", formatDuration(longer))
		}
	}
	if !provable {
		return "a lower objective: no number of requests proves " + exactPercent(1-p.eps)
	}
	return p.needsClean(max(clean, 1))
}

// secondsAlike is how long requests like those that were seen have to be sent
// for more of them, and for failures in enough distinct seconds.
func (p *steadyProcess) secondsAlike(more int) time.Duration {
	seconds := p.length(more).Seconds()
	short := minBadSeconds - p.badSeconds
	for _, c := range p.carried {
		short -= c.BadSeconds
	}
	if short > 0 && p.badSeconds > 0 {
		seconds = max(seconds, float64(short*p.seconds)/float64(p.badSeconds))
	}
	return time.Duration(min(math.Ceil(seconds)*1e9, math.MaxInt64/2))
}

// length is how long n requests take at the scenario's rate.
func (p *steadyProcess) length(n int) time.Duration {
	if !(p.rate > 0) {
		return 0
	}
	return time.Duration(min(float64(n)/p.rate*1e9, math.MaxInt64/2))
}

// needsClean says how many clean requests would make the claim, for how long
// they have to be sent, and what a test of fixed length would take.
func (p *steadyProcess) needsClean(more int) string {
	needs := fmt.Sprintf("%s more without a failure", plural(more, "request"))
	if p.rate > 0 {
		needs += fmt.Sprintf(", about %s at %s/s", formatDuration(p.length(more)), trimmed(p.rate, 2))
	}
	if fixed, ok := slo.RequiredN(p.eps, Confidence, p.counts.bad); ok && p.phi == 1 && len(p.carried) == 0 {
		needs += fmt.Sprintf(" (a test of a length fixed before looking takes %s in all)", formatCount(fixed))
	}
	return needs
}
