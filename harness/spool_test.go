package harness

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// recorded is a trial of three seconds that is not closed yet.
func recorded(t *testing.T, sink *bytes.Buffer, scratch string) *recorder {
	t.Helper()
	base := time.Now()
	plan := testPlan()
	plan.Scenario.Stages = Stages{Baseline: 3 * time.Second}
	r := newRecorder(Header{Schema: EvidenceSchema, Plan: plan, Start: base.Round(0)}, base, sink, scratch)
	r.write(record{Stage: &StageRecord{Stage: Baseline, Window: Window{To: 3 * time.Second}}})
	for _, ev := range events(base, 300, 120, 137) {
		r.events("")(ev)
	}
	r.finishLoad()
	return r
}

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

func TestNothingIsLeftOfTheSpool(t *testing.T) {
	scratch := t.TempDir()
	r := recorded(t, &bytes.Buffer{}, scratch)
	if err := r.flush(); err != nil {
		t.Fatal(err)
	}
	// As kill -9 would leave the folder, where the system can do that.
	if names := entries(t, scratch); !r.spool.named && len(names) > 0 {
		t.Errorf("while the trial goes on there is %v; want nothing", names)
	}
	file := r.spool.file
	if _, err := r.close(End{Reason: Completed}); err != nil {
		t.Fatal(err)
	}
	if names := entries(t, scratch); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	if file.Close() == nil {
		t.Error("the file was still open")
	}
}

func TestAFileThatKeepsItsNameIsRemovedToo(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "spool")
	if err != nil {
		t.Fatal(err)
	}
	s := &spool{file: file, named: true}
	for range 2 {
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(file.Name()); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

// Evidence that cannot be read back is no evidence: never half of it, never a
// pass. The sink has all of it, and says so too.
func TestEvidenceThatCannotBeReadBackIsInvalid(t *testing.T) {
	sound, err := recorded(t, &bytes.Buffer{}, t.TempDir()).close(End{Reason: Completed, At: 3 * time.Second})
	if v := Judge(sound.Plan.Scenario, []Evidence{sound}, nil); err != nil || v.Outcome == Invalid {
		t.Fatalf("undamaged: %s (%s), error %v; want it judged", v.Outcome, v.Sentence, err)
	}
	for name, c := range map[string]struct {
		damage func(*os.File) error
		want   string
	}{
		"cut at a line": {func(f *os.File) error {
			text, err := os.ReadFile(f.Name())
			return errorOr(err, func() error { return f.Truncate(int64(bytes.LastIndexByte(text[:len(text)-1], '\n') + 1)) })
		}, "saw something else"},
		"cut in a line":   {func(f *os.File) error { return f.Truncate(900) }, "saw something else"},
		"a digit changed": {func(f *os.File) error { return changed(f, `"n":10`, `"n":99`) }, "saw something else"},
		"a line damaged":  {func(f *os.File) error { return changed(f, `{"second"`, `{"sec*nd"`) }, "want a record of a kind"},
		"empty":           {func(f *os.File) error { return f.Truncate(0) }, "saw something else"},
		"gone":            {func(f *os.File) error { return f.Close() }, "file already closed"},
	} {
		t.Run(name, func(t *testing.T) {
			var sink bytes.Buffer
			r := recorded(t, &sink, t.TempDir())
			named(t, r.spool)
			if err := r.flush(); err != nil {
				t.Fatal(err)
			}
			if err := c.damage(r.spool.file); err != nil {
				t.Fatal(err)
			}
			ev, err := r.close(End{Reason: Completed, At: 3 * time.Second})
			if err == nil || !strings.Contains(err.Error(), "read evidence back: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want that evidence was read back, and %q", err, c.want)
			}
			saved, err := ReadEvidence(&sink)
			if err != nil || len(saved) != 1 || len(saved[0].Seconds) != 3 || saved[0].Seconds[2].Latency.Count() != 100 {
				t.Fatalf("the sink has %+v, %v; want all of the trial", saved, err)
			}
			for _, ev := range []Evidence{ev, saved[0]} {
				if v := Judge(ev.Plan.Scenario, []Evidence{ev}, nil); v.Outcome != Invalid || !slices.Equal(codes(ev), []Code{HarnessError}) || ev.End.Reason != Completed {
					t.Errorf("verdict %s, problems %v, end %+v; want invalid", v.Outcome, ev.Problems, ev.End)
				}
			}
		})
	}
}

// named makes a spool whose file can be found by its name.
func named(t *testing.T, s *spool) {
	t.Helper()
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	if err := s.file.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(s.dir, "spool"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s.file, s.named = file, false
}

func errorOr(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// changed writes another text of the same length over the first one.
func changed(f *os.File, from, to string) error {
	text, err := os.ReadFile(f.Name())
	return errorOr(err, func() error {
		_, err := f.WriteAt([]byte(to), int64(bytes.Index(text, []byte(from))))
		return err
	})
}

func TestRunEndsWhenEvidenceCannotBePutAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var sink bytes.Buffer
		rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}
		ev, err := Run(t.Context(), testPlan("one"), rig, WithSink(&sink), WithScratch(filepath.Join(t.TempDir(), "missing")))
		if err == nil || !strings.Contains(err.Error(), "put evidence aside") || len(log) > 0 {
			t.Errorf("error %v, fault saw %v; want what could not be put aside, and nothing injected", err, log)
		}
		saved, err := ReadEvidence(&sink)
		if err != nil || len(saved) != 1 {
			t.Fatalf("%d trials in the sink, %v", len(saved), err)
		}
		for _, ev := range []Evidence{ev, saved[0]} {
			if v := Judge(ev.Plan.Scenario, []Evidence{ev}, nil); v.Outcome != Invalid || ev.End.Reason != Aborted || !slices.Contains(codes(ev), HarnessError) {
				t.Errorf("verdict %s, end %+v, problems %v; want an aborted trial that is invalid", v.Outcome, ev.End, ev.Problems)
			}
		}
	})
}

func TestASinkThatFailsDoesNotLoseWhatIsReturned(t *testing.T) {
	full := writerFunc(func([]byte) (int, error) { return 0, os.ErrPermission })
	base := time.Now()
	r := newRecorder(Header{Schema: EvidenceSchema}, base, full, t.TempDir())
	for _, ev := range events(base, 300, 120, 137) {
		r.events("")(ev)
		_ = r.flush()
	}
	r.finishLoad()
	ev, err := r.close(End{Reason: Aborted})
	if err == nil || len(ev.Seconds) != 3 || ev.Seconds[1].Classes[Refused] != 17 {
		t.Errorf("%d seconds, error %v; want all of them beside the error", len(ev.Seconds), err)
	}
}
