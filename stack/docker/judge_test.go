package docker

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack"
)

func TestJudge(t *testing.T) {
	now := time.Now()
	const host = "this-machine"
	for _, c := range []struct {
		rule       string
		keep       bool
		host       string
		age        time.Duration
		lock       string // held, free, noted or none
		wantAlive  bool
		wantOrphan bool
	}{
		{"a run that holds its lock lives", false, host, time.Hour, "held", true, false},
		{"a run whose lock is free is an orphan", false, host, time.Minute, "free", false, true},
		{"a run whose lock is gone is an orphan", false, host, time.Minute, "none", false, true},
		{"a kept stack is no orphan", true, host, time.Minute, "noted", false, false},
		{"a kept stack whose lock was cleaned away is no orphan", true, host, time.Minute, "none", false, false},
		{"a kept stack that is being brought up lives", true, host, time.Minute, "held", true, false},
		{"a stack whose process died before it was up is an orphan", true, host, time.Minute, "free", false, true},
		{"a young run of another machine may live", false, "another", time.Hour, "free", true, false},
		{"an old run of another machine is an orphan", false, "another", 25 * time.Hour, "free", false, true},
		{"an old kept stack of another machine is no orphan", true, "another", 25 * time.Hour, "free", false, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "run.lock")
			if c.lock != "none" {
				l := mustLock(t, path, exclusive)
				if c.lock == "noted" {
					if err := l.write(noteKept); err != nil {
						t.Fatal(err)
					}
				}
				if c.lock != "held" {
					_ = l.release()
				}
			}
			f := Found{RunID: "r"}
			f.judge(labelsFor(t, c.keep, c.host, path, now.Add(-c.age)), host, now)
			if f.Alive != c.wantAlive || f.orphan != c.wantOrphan || f.Kept != c.keep {
				t.Errorf("alive %v, orphan %v, kept %v; want %v, %v, %v", f.Alive, f.orphan, f.Kept, c.wantAlive, c.wantOrphan, c.keep)
			}
		})
	}
}

func labelsFor(t *testing.T, keep bool, host, lockPath string, started time.Time) map[string]string {
	t.Helper()
	labels, err := runLabels("r", keep, host, lockPath, stack.Choices{}, started)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

func TestChoicesAreReadFromLabels(t *testing.T) {
	want := stack.Choices{Balance: stack.LeastConn, Without: []string{stack.TLS}}
	labels, err := runLabels("r", true, "host", "lock", want, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	got, err := choicesOf(labels)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("choices (-written +read), %v:\n%s", err, diff)
	}
	if got, err := choicesOf(nil); err != nil || got.Has(stack.TLS) {
		t.Errorf("a run without the label: %v, %v; want one without TLS, as those of earlier versions are", got, err)
	}
	if _, err := choicesOf(map[string]string{labelChoices: "["}); err == nil {
		t.Error("a broken label was read")
	}
}
