package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

// TestObserveSeesWhatWasDoneToAnEndpoint breaks a real server by hand, in
// three ways, ends the observation with Ctrl-C and compares what it saw with
// what was done.
func TestObserveSeesWhatWasDoneToAnEndpoint(t *testing.T) {
	g := newTarget(t)
	c := startChild(t, "observe", "--url", g.url(), "--for", "1h", "--rate", "100", "--timeout", "1s")
	g.await(answering, 60)
	g.breakFor(failing, func() { g.await(failing, 20) })
	g.await(answering, 60)
	// Nobody can count requests that never arrive: this outage ends by time.
	g.breakFor(gone, func() { <-time.After(500 * time.Millisecond) })
	g.await(answering, 60)
	g.breakFor(hanging, func() { g.await(hanging, 40) })
	g.await(answering, 60)
	c.signal(syscall.SIGINT)
	code := c.wait()

	dir := c.runDir()
	evidence, err := savedEvidence(dir)
	if err != nil || len(evidence) != 1 {
		t.Fatalf("%d trials, %v; want one", len(evidence), err)
	}
	ev := evidence[0]
	if ev.End.Reason != harness.Completed {
		t.Errorf("Ctrl-C ended the trial as %q, want it complete", ev.End.Reason)
	}
	compareOutages(t, g.broken, ev)
	verdicts, err := dir.Verdicts()
	if err != nil || len(verdicts) != 1 {
		t.Fatalf("%d verdicts, %v; want one", len(verdicts), err)
	}
	v := verdicts[0]
	if overloaded(v) {
		t.Skipf("this machine is too busy for a verdict: %s", v.Sentence)
	}
	if code != exitMissed || v.Outcome != harness.Fail {
		t.Errorf("exit code %d, outcome %s; want %d, fail; stderr:\n%s", code, v.Outcome, exitMissed, c.stderr())
	}
	compareReports(t, c, dir, v)
}

// compareOutages holds the recorded outages against the truth, as exactly as
// the rate and the lag of the generator allow.
func compareOutages(t *testing.T, truth []breakage, ev harness.Evidence) {
	t.Helper()
	slack := time.Second/time.Duration(ev.Plan.Scenario.Load.Rate) + 50*time.Millisecond
	for _, s := range ev.Seconds {
		slack = max(slack, 50*time.Millisecond+s.Lag.Max())
	}
	if len(ev.Outages) != len(truth) {
		t.Fatalf("%d outages, want %d: %+v", len(ev.Outages), len(truth), ev.Outages)
	}
	class := map[mode]harness.Class{failing: harness.HTTP5xx, gone: harness.Refused, hanging: harness.Timeout}
	for i, b := range truth {
		o := ev.Outages[i]
		from, to := b.from.Sub(ev.Start), b.to.Sub(ev.Start)
		if (o.From-from).Abs() > slack || (o.To-to).Abs() > slack {
			t.Errorf("%s from %s to %s: seen from %s to %s, more than %s off", b.mode, from, to, o.From, o.To, slack)
		}
		// The first request of an outage can be one whose answer was cut off.
		if got := o.Example; !strings.HasPrefix(got, string(class[b.mode])) && !(b.mode == gone && strings.HasPrefix(got, string(harness.Reset))) {
			t.Errorf("%s: the outage says %q, want %s", b.mode, got, class[b.mode])
		}
	}
	for name, p := range ev.Probers {
		if len(p.Outages) != len(truth) {
			t.Errorf("prober %s saw %d outages, want %d", name, len(p.Outages), len(truth))
		}
	}
}

// overloaded reports whether the verdict is about this machine.
func overloaded(v harness.Verdict) bool {
	for _, f := range v.Findings {
		if f.Code == harness.GeneratorSaturated || f.Code == harness.LoadShortfall {
			return true
		}
	}
	return false
}

// compareReports looks for the three outages in what people and machines read.
func compareReports(t *testing.T, c *child, dir *reports.Dir, v harness.Verdict) {
	t.Helper()
	html, err := os.ReadFile(dir.File(reports.HTMLFile))
	if err != nil {
		t.Fatal(err)
	}
	junit, err := os.ReadFile(dir.File(reports.JUnitFile))
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"the terminal": c.out.String(), "report.html": string(html), "junit.xml": string(junit)} {
		for _, want := range []string{"failed in 3 outages, the longest", strings.ToUpper(v.Outcome.String())} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("%s does not say %q:\n%s", what, want, text)
			}
		}
	}
	for _, want := range []string{"fresh: ", "pooled: ", "http-5xx: 503", "by slices", "worst window", "fournines observe --url " + "http://127.0.0.1"} {
		if !strings.Contains(c.out.String(), want) {
			t.Errorf("the terminal does not say %q:\n%s", want, c.out.String())
		}
	}
}
