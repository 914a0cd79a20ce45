package harness

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// steadyLoad schedules rate events per second and answers each after 5 ms; bad
// says which ones fail.
type steadyLoad struct {
	rate int
	bad  func(at time.Duration) bool
	err  error
}

func (l steadyLoad) Run(ctx context.Context, emit func(Event)) error {
	if l.err != nil {
		return l.err
	}
	start, step := time.Now(), time.Second/time.Duration(l.rate)
	for seq := uint64(0); ; seq++ {
		intended := start.Add(time.Duration(seq) * step)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Until(intended)):
		}
		ev := Event{Seq: seq, Intended: intended, Sent: intended, Latency: 5 * time.Millisecond, Class: OK, Status: 200}
		if l.bad != nil && l.bad(intended.Sub(start)) {
			ev.Class, ev.Status = Refused, 0
		}
		emit(ev)
	}
}

// spyFault notes what the engine does with it.
type spyFault struct {
	name        string
	log         *[]string
	prepareErr  error
	injectErr   error
	awaitErr    error
	recoverErrs int // how often Recover fails before it works
	onAwait     func()
}

func (f *spyFault) String() string { return f.name }

func (f *spyFault) Inject(context.Context) (Injection, error) {
	if f.injectErr != nil {
		return nil, f.injectErr
	}
	*f.log = append(*f.log, "inject "+f.name)
	return f, nil
}

func (f *spyFault) Await(context.Context) error {
	if f.onAwait != nil {
		f.onAwait()
	}
	return f.awaitErr
}

func (f *spyFault) Recover(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if f.recoverErrs > 0 {
		f.recoverErrs--
		return errors.New("still there")
	}
	*f.log = append(*f.log, "recover "+f.name)
	return nil
}

func (f *spyFault) Prepare(context.Context) (UndoRecipe, error) {
	return UndoRecipe{Summary: "restore " + f.name, Command: "undo " + f.name}, f.prepareErr
}

type probeFunc func() error

func (probeFunc) String() string                { return "probe" }
func (p probeFunc) Check(context.Context) error { return p() }

func testPlan(names ...string) Plan {
	p := Plan{Schema: PlanSchema, Seed: 1, Trial: 1, Scenario: Scenario{
		Name: "test", Hypothesis: "it holds", Load: LoadSpec{Rate: 100, Mix: "browse", Timeout: time.Second},
		Stages: Stages{Steady: time.Second, Baseline: 2 * time.Second},
		SLO:    SLO{Availability: 0.9999},
	}}
	for i := range names {
		p.Injections = append(p.Injections, PlannedInjection{
			Action: "spy", Targets: names[i : i+1], At: time.Duration(i) * time.Second, Duration: 5*time.Second - time.Duration(i)*time.Second,
		})
		p.Scenario.Stages.Disruption, p.Scenario.Stages.Recovery = 5*time.Second, 3*time.Second
	}
	return p
}

func codes(ev Evidence) []Code {
	var cs []Code
	for _, p := range ev.Problems {
		cs = append(cs, p.Code)
	}
	return cs
}

func TestRunPassesThroughAllStagesWithoutAGapInTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var sink bytes.Buffer
		rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}, &spyFault{name: "two", log: &log}}}
		ev, err := Run(t.Context(), testPlan("one", "two"), rig, WithSink(&sink), WithRunID("r1"))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"inject one", "inject two", "recover two", "recover one"}; !slices.Equal(log, want) {
			t.Errorf("faults saw %v; want %v", log, want)
		}
		var stages []Stage
		for i, s := range ev.Stages {
			stages = append(stages, s.Stage)
			if i > 0 && s.From != ev.Stages[i-1].To {
				t.Errorf("stage %s begins at %s; want %s, the end of the stage before", s.Stage, s.From, ev.Stages[i-1].To)
			}
		}
		if want := []Stage{Steady, Baseline, Disruption, Recovery}; !slices.Equal(stages, want) {
			t.Errorf("stages %v; want %v", stages, want)
		}
		scheduled := 0
		for i, s := range ev.Seconds {
			if s.At != time.Duration(i)*time.Second {
				t.Errorf("second %d is at %s", i, s.At)
			}
			for _, tick := range s.Ticks {
				scheduled += tick.Scheduled
			}
		}
		if want := 11 * 100; scheduled < want || scheduled > want+1 {
			t.Errorf("%d events recorded; want %d", scheduled, want)
		}
		if ev.End.Reason != Completed || len(ev.Problems) > 0 || !ev.Injections[0].Effective || !ev.Injections[1].Removed {
			t.Errorf("end %+v, problems %v, injections %+v", ev.End, ev.Problems, ev.Injections)
		}
		read, err := ReadEvidence(&sink)
		if err != nil || len(read) != 1 {
			t.Fatalf("read back %d trials, error %v; want 1", len(read), err)
		}
		if diff := cmp.Diff(mustJSON(t, ev), mustJSON(t, read[0])); diff != "" {
			t.Errorf("evidence in memory and in the file differ:\n%s", diff)
		}
	})
}

func TestRunRecoversEveryFault(t *testing.T) {
	tests := map[string]struct {
		second  *spyFault
		cancel  time.Duration
		load    Load
		want    []string
		end     EndReason
		codes   []Code
		wantErr bool
	}{
		"when the trial is cancelled": {
			second: &spyFault{}, cancel: 5500 * time.Millisecond,
			want: []string{"inject one", "inject two", "recover two", "recover one"}, end: Interrupted,
		},
		"when a later fault cannot be injected": {
			second: &spyFault{injectErr: errors.New("no such target")},
			want:   []string{"inject one", "recover one"}, end: Aborted, codes: []Code{FaultNotEffective},
		},
		"when a later fault has no effect": {
			second: &spyFault{awaitErr: errors.New("still running")},
			want:   []string{"inject one", "inject two", "recover two", "recover one"}, end: Aborted, codes: []Code{FaultNotEffective},
		},
		"when the load dies": {
			second: &spyFault{}, load: dyingLoad{after: 4500 * time.Millisecond},
			want: []string{"inject one", "inject two", "recover two", "recover one"}, end: Aborted, codes: []Code{HarnessError}, wantErr: true,
		},
		"when the load panics": {
			second: &spyFault{}, load: dyingLoad{after: 4500 * time.Millisecond, panics: true},
			want: []string{"inject one", "inject two", "recover two", "recover one"}, end: Aborted, codes: []Code{HarnessError}, wantErr: true,
		},
		"when removal works at the second attempt": {
			second: &spyFault{recoverErrs: 1},
			want:   []string{"inject one", "inject two", "recover one", "recover two"}, end: Completed,
		},
		"or says which one is left": {
			second: &spyFault{recoverErrs: 100},
			want:   []string{"inject one", "inject two", "recover one"}, end: Completed, codes: []Code{FaultNotRemoved},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				tt.second.name, tt.second.log = "two", &log
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.cancel > 0 {
					time.AfterFunc(tt.cancel, cancel)
				}
				if tt.load == nil {
					tt.load = steadyLoad{rate: 100}
				}
				rig := Rig{Load: tt.load, Faults: []Fault{&spyFault{name: "one", log: &log}, tt.second}}
				ev, err := Run(ctx, testPlan("one", "two"), rig)
				if (err != nil) != tt.wantErr {
					t.Errorf("error %v; want one: %v", err, tt.wantErr)
				}
				if !slices.Equal(log, tt.want) {
					t.Errorf("faults saw %v; want %v", log, tt.want)
				}
				if ev.End.Reason != tt.end || !slices.Equal(codes(ev), tt.codes) {
					t.Errorf("ended %q with %v; want %q with %v", ev.End.Reason, ev.Problems, tt.end, tt.codes)
				}
			})
		})
	}
}

func TestRunRecoversWhenItPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var sink bytes.Buffer
		fault := &spyFault{name: "one", log: &log, onAwait: func() { panic("boom") }}
		func() {
			defer func() {
				if p := recover(); p != "boom" {
					t.Errorf("panic %v; want it to go on as boom", p)
				}
			}()
			_, _ = Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{fault}}, WithSink(&sink))
		}()
		if want := []string{"inject one", "recover one"}; !slices.Equal(log, want) {
			t.Errorf("fault saw %v; want %v", log, want)
		}
		trials, err := ReadEvidence(&sink)
		if err != nil || len(trials) != 1 || trials[0].End.Reason != Aborted || !slices.Equal(codes(trials[0]), []Code{HarnessError}) {
			t.Errorf("evidence %+v, error %v; want an aborted trial with %s", trials, err, HarnessError)
		}
	})
}

func TestRunInjectsNothingUnlessSteady(t *testing.T) {
	tests := map[string]Rig{
		"probe fails":     {Load: steadyLoad{rate: 100}, Steady: []Probe{probeFunc(func() error { return errors.New("expected 200, saw 503") })}},
		"no traffic":      {Load: silentLoad{}},
		"too many errors": {Load: steadyLoad{rate: 100, bad: func(at time.Duration) bool { return at%(50*time.Millisecond) == 0 }}},
		"errors in the baseline": {Load: steadyLoad{rate: 100, bad: func(at time.Duration) bool {
			return at > 1500*time.Millisecond && at < 2*time.Second
		}}},
	}
	for name, rig := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				rig.Faults = []Fault{&spyFault{name: "one", log: &log}}
				ev, err := Run(t.Context(), testPlan("one"), rig)
				if err != nil || len(log) > 0 || ev.End.Reason != Aborted || !slices.Equal(codes(ev), []Code{SteadyStateNotMet}) {
					t.Errorf("error %v, fault saw %v, ended %+v with %v; want %s and nothing injected",
						err, log, ev.End, ev.Problems, SteadyStateNotMet)
				}
			})
		})
	}
}

func TestRunEndsAFaultAtItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		plan := testPlan("one")
		plan.Injections[0].Duration = 2 * time.Second
		ev, err := Run(t.Context(), plan, Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}})
		if err != nil {
			t.Fatal(err)
		}
		got := ev.Injections[0].RecoverAt - ev.Injections[0].InjectAt
		if got != 2*time.Second {
			t.Errorf("recovered after %s; want 2s", got)
		}
	})
}

func TestRunKeepsProbersApartFromTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var sink bytes.Buffer
		rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}, Probers: map[string]Load{
			"fresh": steadyLoad{rate: 10, bad: func(at time.Duration) bool { return at > 4*time.Second && at < 5*time.Second }},
		}}
		ev, err := Run(t.Context(), testPlan("one"), rig, WithSink(&sink))
		if err != nil {
			t.Fatal(err)
		}
		fresh := ev.Probers["fresh"]
		if len(ev.Outages) != 0 || len(fresh.Outages) != 1 || fresh.Outages[0].Bad != 9 {
			t.Errorf("outages of the load %v, of the prober %v; want none and one of 9 requests", ev.Outages, fresh.Outages)
		}
		if len(fresh.Seconds) != len(ev.Seconds) || fresh.Seconds[0].Ticks[0].Scheduled != 1 {
			t.Errorf("prober recorded %d seconds, the load %d; want the same", len(fresh.Seconds), len(ev.Seconds))
		}
		read, err := ReadEvidence(&sink)
		if err != nil || len(read) != 1 {
			t.Fatalf("read back %d trials, error %v", len(read), err)
		}
		if diff := cmp.Diff(mustJSON(t, ev), mustJSON(t, read[0])); diff != "" {
			t.Errorf("evidence in memory and in the file differ:\n%s", diff)
		}
		var again bytes.Buffer
		if err := WriteEvidence(&again, ev); err != nil {
			t.Fatal(err)
		}
		if back, err := ReadEvidence(&again); err != nil || cmp.Diff(mustJSON(t, ev), mustJSON(t, back[0])) != "" {
			t.Errorf("written and read again it differs, error %v", err)
		}
	})
}

func TestRunEndsAFaultFreeTrialWhenThereIsEnough(t *testing.T) {
	for name, c := range map[string]struct {
		plan Plan
		want time.Duration
	}{
		"without faults":          {testPlan(), 2 * time.Second},
		"with a fault it goes on": {testPlan("one"), 11 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				enough := make(chan struct{})
				time.AfterFunc(1500*time.Millisecond, func() { close(enough) })
				var log []string
				rig := Rig{Load: steadyLoad{rate: 100}}
				for range c.plan.Injections {
					rig.Faults = append(rig.Faults, &spyFault{name: "one", log: &log})
				}
				ev, err := Run(t.Context(), c.plan, rig, WithStop(StopWhen(enough, "enough")))
				if err != nil || ev.End.Reason != Completed || ev.End.At != c.want {
					t.Errorf("ended %+v, error %v; want completed at %s", ev.End, err, c.want)
				}
			})
		})
	}
}

func TestRunSaysWhenATrialStartsBeforeAnythingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var header Header
		started := func(h Header) { log, header = append(log, "started"), h }
		ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithStarted(started))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"started", "inject one", "recover one"}; !slices.Equal(log, want) {
			t.Errorf("saw %v; want %v", log, want)
		}
		if !header.Start.Equal(ev.Start) || header.Plan.Trial != ev.Plan.Trial {
			t.Errorf("start %v of trial %d; want %v of trial %d, as in the evidence", header.Start, header.Plan.Trial, ev.Start, ev.Plan.Trial)
		}
	})
}

func TestRunRefusesARigThatDoesNotFit(t *testing.T) {
	_, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 1}})
	if err == nil || !strings.Contains(err.Error(), "0 faults") {
		t.Errorf("error %v; want it to name the number of faults", err)
	}
}

func TestRunEndsWhenEvidenceCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		full := writerFunc(func(p []byte) (int, error) { return 0, errors.New("no space left on device") })
		_, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithSink(full))
		if err == nil || !strings.Contains(err.Error(), "no space left") || len(log) > 0 {
			t.Errorf("error %v, fault saw %v; want the write error and nothing injected", err, log)
		}
	})
}

// late begins 1 ms after the trial, so that none of its events falls on the
// instant of a look.
type late struct{ Load }

func (l late) Run(ctx context.Context, emit func(Event)) error {
	<-time.After(time.Millisecond)
	return l.Load.Run(ctx, emit)
}

type silentLoad struct{}

func (silentLoad) Run(ctx context.Context, _ func(Event)) error { <-ctx.Done(); return nil }

type dyingLoad struct {
	after  time.Duration
	panics bool
	bad    func(at time.Duration) bool
}

func (l dyingLoad) Run(ctx context.Context, emit func(Event)) error {
	ctx, cancel := context.WithTimeout(ctx, l.after)
	defer cancel()
	if err := (steadyLoad{rate: 100, bad: l.bad}).Run(ctx, emit); err != nil {
		return err
	}
	if l.panics {
		panic("load broke")
	}
	return errors.New("out of sockets")
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
