package main

import (
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestTheFirstSignalEndsAnObservationWithItsVerdict(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signalName(s), func(t *testing.T) {
			g := newTarget(t)
			c := startChild(t, "observe", "--url", g.url(), "--for", "1h", "--rate", "20", "--json")
			g.await(answering, 60)
			c.signal(s)
			code := c.wait()
			verdicts, err := c.runDir().Verdicts()
			if err != nil || len(verdicts) != 1 {
				t.Fatalf("%d verdicts, %v; want one; stderr:\n%s", len(verdicts), err, c.stderr())
			}
			v := verdicts[0]
			if overloaded(v) {
				t.Skipf("this machine is too busy for a verdict: %s", v.Sentence)
			}
			// A second of clean traffic proves nothing yet, and is no failure.
			if code != exitInconclusive || v.Outcome != harness.Inconclusive || v.Trials[0].Bad != 0 {
				t.Errorf("exit code %d, outcome %s, %d failed; want %d, inconclusive, none: %s", code, v.Outcome, v.Trials[0].Bad, exitInconclusive, v.Sentence)
			}
			if !strings.Contains(c.stderr(), signalName(s)+": ending the observation") {
				t.Errorf("nothing says what the signal did:\n%s", c.stderr())
			}
			if !strings.Contains(c.out.String(), `"exitCode": 3`) {
				t.Errorf("the result has no exit code:\n%s", c.out.String())
			}
		})
	}
}

func TestTheSecondSignalLeavesAnObservationAtOnce(t *testing.T) {
	g := newTarget(t)
	c := startChild(t, "observe", "--url", g.url(), "--for", "1h", "--rate", "20", "--timeout", "2m")
	g.await(answering, 40)
	g.breakFor(hanging, func() {
		g.await(hanging, 5)
		c.signal(syscall.SIGINT)
		c.await("waiting up to 2m0s for the last answers")
		c.signal(syscall.SIGTERM) // a second SIGINT at once is the first one's echo
		if code := c.wait(); code != 143 {
			t.Errorf("exit code %d, want 143; stderr:\n%s", code, c.stderr())
		}
	})
	dir := c.runDir()
	if !strings.Contains(c.stderr(), "leaving at once; `fournines judge ") {
		t.Errorf("nothing says what can be done with what was recorded:\n%s", c.stderr())
	}
	var out, errs strings.Builder
	code := run(t.Context(), []string{"judge", dir.Path()}, strings.NewReader(""), &out, &errs)
	if code != exitInvalid || !strings.Contains(out.String(), "INVALID") {
		t.Errorf("judge of an observation that was cut short = %d, want %d and INVALID:\n%s%s", code, exitInvalid, out.String(), errs.String())
	}
}
