package main

import (
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// stageSpan is one stage's planned place in a trial.
type stageSpan struct {
	stage  harness.Stage
	length time.Duration
}

// spans are the stages of s that have a length, in order.
func spans(s harness.Stages) []stageSpan {
	var found []stageSpan
	for _, span := range []stageSpan{
		{harness.Steady, s.Steady},
		{harness.Baseline, s.Baseline},
		{harness.Disruption, s.Disruption},
		{harness.Recovery, s.Recovery},
	} {
		if span.length > 0 {
			found = append(found, span)
		}
	}
	return found
}

// stageBar draws a trial of which elapsed has passed as cells columns: what
// has passed is filled, the disruption is drawn with its own sign, and stages
// are parted by a line. It is at least two columns per stage wide.
func stageBar(s harness.Stages, elapsed time.Duration, cells int) string {
	var b strings.Builder
	total := s.Total()
	if total <= 0 {
		return ""
	}
	from := time.Duration(0)
	for i, span := range spans(s) {
		if i > 0 {
			b.WriteString("│")
		}
		n := max(2, int(float64(cells)*float64(span.length)/float64(total)))
		passed := int(float64(n) * float64(elapsed-from) / float64(span.length))
		passed = min(max(passed, 0), n)
		fill, rest := "━", "─"
		if span.stage == harness.Disruption {
			fill, rest = "▓", "░"
		}
		b.WriteString(strings.Repeat(fill, passed) + strings.Repeat(rest, n-passed))
		from += span.length
	}
	return b.String()
}
