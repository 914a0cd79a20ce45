package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// screen plays what a terminal does with the sequences that a live display
// uses: cursor up, carriage return, erase below.
func screen(written string) []string {
	var lines []string
	for _, part := range strings.SplitAfter(written, "\n") {
		for strings.HasPrefix(part, "\x1b[") {
			up := 0
			end := strings.IndexByte(part, 'A')
			for _, digit := range part[2:end] {
				up = 10*up + int(digit-'0')
			}
			lines = lines[:len(lines)-up]
			part = strings.TrimPrefix(part[end+1:], "\r\x1b[J")
		}
		if line, ok := strings.CutSuffix(part, "\n"); ok {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestLiveRedrawsTheBoardBelowWhatStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		l := newLive(&out, newTheme(false), func() int { return 80 })
		l.step(stack.Step{Name: "start etcd-1"})
		l.step(stack.Step{Name: "start gateway-1", Detail: "waiting for readiness", Done: 1, Total: 3})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want := []string{"⠋ start etcd-1  2s", "⠋ start gateway-1 1/3  waiting for readiness  2s"}
		if diff := cmp.Diff(want, screen(out.String())); diff != "" {
			t.Errorf("two open steps (-want +got):\n%s", diff)
		}

		l.step(stack.Step{Name: "start etcd-1", Ended: true, Took: 1500 * time.Millisecond})
		l.step(stack.Step{Name: "start gateway-1", Ended: true, Took: 2 * time.Second})
		v := watched(25*time.Second, harness.Disruption)
		v.Note, v.Bad, v.trials, v.after = `injected container-kill "catalog-2"`, 3, 5, 200*time.Second
		l.trial(v)
		v.Note, v.Elapsed, v.Left = "", 28*time.Second, 22*time.Second
		l.trial(v)
		time.Sleep(redraw)
		synctest.Wait()
		want = []string{
			"✓ start etcd-1  1.5s",
			"✓ start gateway-1  2.0s",
			"catalog-replica-kill, trial 1 of 5  3m42s left",
			"━━━━━━━━━━━│━━━━━━━━━━━│▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░│─────────── disruption",
			"sent 7500, bad 3, p99 12ms",
			`↯ injected container-kill "catalog-2"  3s ago`,
		}
		if diff := cmp.Diff(want, screen(out.String())); diff != "" {
			t.Errorf("a trial (-want +got):\n%s", diff)
		}

		l.trialEnded()
		l.say("the report is in %s", "here")
		l.close()
		l.say("nothing after close")
		want = []string{"✓ start etcd-1  1.5s", "✓ start gateway-1  2.0s", "the report is in here"}
		if diff := cmp.Diff(want, screen(out.String())); diff != "" {
			t.Errorf("after close (-want +got):\n%s", diff)
		}
	})
}

func TestBoardIsCutToTheTerminal(t *testing.T) {
	b := board{theme: newTheme(true)}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	b.take(stack.Step{Name: strings.Repeat("long ", 40)}, now)
	b.show(watched(0, harness.Steady))
	for _, line := range b.lines(now, 30) {
		if got := visible(line); got > 30 {
			t.Errorf("line of %d columns on a terminal of 30: %q", got, line)
		}
	}
}

// visible is the number of characters of line that are not colour.
func visible(line string) int {
	n, escape := 0, false
	for _, r := range line {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		default:
			n++
		}
	}
	return n
}
