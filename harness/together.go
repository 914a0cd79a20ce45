package harness

import (
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// Together is what the trials of one verdict say about the next trial. It is
// shown beside the findings and decides nothing: limits and tiers do.
type Together struct {
	// Recovered are the trials in which the recovery ended by itself and users
	// were served again, of those whose time line could tell.
	Recovered Share
	// Half is when half of the trials had recovered (Kaplan–Meier: a trial that
	// was given up, because the fault was removed, counts as going on until
	// then); nil when fewer did.
	Half *time.Duration
	// Least and Most are where that time lies at Confidence, from order
	// statistics; nil where the trials do not bound it, which takes six.
	Least, Most *time.Duration
	// Named are the trials in which what was broken was the first thing that
	// was named, of those in which somebody watched who could name it.
	Named Share
}

// Share is how many of some trials did something, and the interval of their
// true share at Confidence, both ends together (Clopper–Pearson: exact).
type Share struct {
	Did, Of int
	Between slo.Interval
}

func newShare(did, of int) Share {
	return Share{did, of, slo.ClopperPearson(did, of, Confidence)}
}

// Together looks at all trials of the verdict that are evidence and had a fault
// in effect; ok is false when there are fewer than two.
func (v Verdict) Together() (t Together, ok bool) {
	var (
		times        []slo.Observation
		trials       int
		right, could int
		recovered    int
	)
	for _, m := range v.Trials {
		if !m.Recovery.Applies || v.refuses(m.Trial) {
			continue
		}
		trials++
		switch span := m.Recovery.span(); span.State {
		case Seen:
			recovered++
			times = append(times, slo.Observation{After: span.Length})
		case Censored:
			times = append(times, slo.Observation{After: span.Length, Censored: true})
		}
		if m.Recovery.Diagnosed.State != NotSeen {
			could++
			if m.Recovery.Diagnosed.State == Seen && m.Recovery.Misnamed.State != Seen {
				right++
			}
		}
	}
	t = Together{Recovered: newShare(recovered, len(times)), Named: newShare(right, could)}
	if half, ok := slo.KaplanMeier(times).Median(); ok {
		t.Half = &half
	}
	median := slo.MedianOf(times, Confidence)
	t.Least, t.Most = bounded(median.Lo), bounded(median.Hi)
	return t, trials >= 2
}

// bounded is nil for a time that nothing bounds.
func bounded(d time.Duration) *time.Duration {
	if d == slo.Never || d == -slo.Never {
		return nil
	}
	return &d
}

// refuses reports whether a trial is no evidence.
func (v Verdict) refuses(trial int) bool {
	return slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return f.Trial == trial && f.Outcome == Invalid && !f.Advisory
	})
}

// span is Recovered, and of evidence that has none Total.
func (r RecoveryTime) span() Phase {
	if r.Recovered.State == "" {
		return r.Total
	}
	return r.Recovered
}
