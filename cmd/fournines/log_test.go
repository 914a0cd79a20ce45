package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// watched is a trial of 10+10+20+10 s as the displays see it after elapsed.
func watched(elapsed time.Duration, stage harness.Stage) trialView {
	stages := harness.Stages{Steady: 10 * time.Second, Baseline: 10 * time.Second, Disruption: 20 * time.Second, Recovery: 10 * time.Second}
	return trialView{
		plan:   harness.Plan{Trial: 1, Scenario: harness.Scenario{Name: "catalog-replica-kill", Stages: stages}},
		trials: 1,
		Progress: harness.Progress{
			Scenario: "catalog-replica-kill", Trial: 1, Stage: stage, Elapsed: elapsed, Left: stages.Total() - elapsed,
			Scheduled: int(300 * elapsed.Seconds()), P99: 12 * time.Millisecond,
		},
	}
}

func TestLogIsFewPlainLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := newLog(&out)
		l.step(stack.Step{Name: "build platform image"})
		for range 12 {
			time.Sleep(time.Second)
			l.step(stack.Step{Name: "build platform image", Detail: "unpacking", Done: 3, Total: 7})
		}
		l.step(stack.Step{Name: "build platform image", Ended: true, Took: 12 * time.Second})
		l.step(stack.Step{Name: "start etcd-1"})
		l.step(stack.Step{Name: "start etcd-1", Ended: true, Took: 300 * time.Millisecond})
		l.step(stack.Step{Name: "start edge", Ended: true, Err: errors.New("port in use")})

		for i := range 200 { // a trial of 50 s, four reports a second
			elapsed := time.Duration(i) * 250 * time.Millisecond
			stage := harness.Steady
			switch {
			case elapsed >= 40*time.Second:
				stage = harness.Recovery
			case elapsed >= 20*time.Second:
				stage = harness.Disruption
			case elapsed >= 10*time.Second:
				stage = harness.Baseline
			}
			v := watched(elapsed, stage)
			l.trial(v)
			if elapsed == 20*time.Second {
				v.Note = `injected container-kill "catalog-2"`
				l.trial(v)
			}
			time.Sleep(250 * time.Millisecond)
		}
		l.trialEnded()
		l.say("report: %s", "reports/runs/x/report.html")
		l.close()
		l.say("nothing after close")

		want := strings.Split(strings.TrimSpace(`
00:00:00 build platform image
00:00:05 build platform image 3/7: unpacking
00:00:10 build platform image 3/7: unpacking
00:00:12 build platform image: done in 12s
00:00:12 start etcd-1
00:00:12 start edge: port in use
00:00:12 catalog-replica-kill: steady, sent 0, bad 0, p99 12ms, 50s left
00:00:22 catalog-replica-kill: baseline, sent 3000, bad 0, p99 12ms, 40s left
00:00:32 catalog-replica-kill: disruption, sent 6000, bad 0, p99 12ms, 30s left
00:00:32 catalog-replica-kill: injected container-kill "catalog-2"
00:00:42 catalog-replica-kill: disruption, sent 9000, bad 0, p99 12ms, 20s left
00:00:52 catalog-replica-kill: recovery, sent 12000, bad 0, p99 12ms, 10s left
00:01:02 report: reports/runs/x/report.html`), "\n")
		if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(out.String()), "\n")); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}
