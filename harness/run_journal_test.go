package harness

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
)

// spyJournal notes what it is asked to remember, in the log of the faults.
type spyJournal struct {
	log       *[]string
	intendErr error
	n         int
}

func (j *spyJournal) Intend(i Intent) (string, error) {
	if j.intendErr != nil {
		return "", j.intendErr
	}
	j.n++
	*j.log = append(*j.log, fmt.Sprintf("intend %s: %s", i.Fault, i.Undo.Command))
	return fmt.Sprint(j.n), nil
}

func (j *spyJournal) Done(id string) error {
	*j.log = append(*j.log, "done "+id)
	return nil
}

func TestRunWritesDownEveryFaultBeforeItInjectsIt(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		fault   spyFault
		journal spyJournal
		want    []string
		codes   []Code
	}{
		{rule: "intended, injected, recovered, done",
			want: []string{"intend one: undo one", "inject one", "recover one", "done 1"}},
		{rule: "what cannot be written down is not injected", journal: spyJournal{intendErr: errors.New("disk full")},
			codes: []Code{FaultNotEffective}},
		{rule: "targets that are not as they should be are not touched", fault: spyFault{prepareErr: errors.New("it is down already")},
			codes: []Code{FaultNotEffective}},
		{rule: "what is not possible here is told apart", fault: spyFault{prepareErr: fmt.Errorf("no such module: %w", errors.ErrUnsupported)},
			codes: []Code{UnsupportedFault}},
		{rule: "an injection that left all as found is done", fault: spyFault{injectErr: errors.New("refused")},
			want: []string{"intend one: undo one", "done 1"}, codes: []Code{FaultNotEffective}},
		{rule: "one that could not let go stays open and is said", fault: spyFault{injectErr: fmt.Errorf("half: %w", ErrNotUndone)},
			want: []string{"intend one: undo one"}, codes: []Code{FaultNotEffective, FaultNotRemoved}},
		{rule: "one that cannot be removed stays open", fault: spyFault{recoverErrs: 100},
			want: []string{"intend one: undo one", "inject one"}, codes: []Code{FaultNotRemoved}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				tt.fault.name, tt.fault.log, tt.journal.log = "one", &log, &log
				ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&tt.fault}}, WithJournal(&tt.journal))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(log, tt.want) {
					t.Errorf("saw %q; want %q", log, tt.want)
				}
				if got := codes(ev); !slices.Equal(got, tt.codes) {
					t.Errorf("problems %v; want %v", got, tt.codes)
				}
			})
		})
	}
}

func TestRunPassesEveryCheckpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		fault := spyFault{name: "one", log: &log}
		_, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&fault}},
			WithJournal(&spyJournal{log: &log}), WithCheckpoint(func(c Checkpoint) { log = append(log, string(c)) }))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"intend one: undo one", "after-intent", "inject one", "after-inject", "during-disruption",
			"during-recover", "recover one", "after-recover", "done 1"}
		if !slices.Equal(log, want) {
			t.Errorf("saw %q; want %q", log, want)
		}
		if got := len(Checkpoints()); got != 5 {
			t.Errorf("there are %d checkpoints, want those 5", got)
		}
	})
}
