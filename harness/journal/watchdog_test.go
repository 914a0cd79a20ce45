package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// watched is a run with one fault in effect, and its watchdog.
type watched struct {
	dir     string
	journal *Journal
	intent  string
	world   *world
	ended   chan bool
	over    chan error

	mu  sync.Mutex
	log []string
}

// watch starts a run in the bubble that the test runs in. lasts is how long
// its fault may last.
func watch(t *testing.T, dir string, lasts time.Duration) *watched {
	t.Helper()
	w := &watched{dir: dir, world: newWorld(1), ended: make(chan bool, 1), over: make(chan error, 1)}
	w.journal = create(t, dir, "r")
	intent := w.world.breaking("t0", "paused")
	intent.Deadline = time.Now().Add(lasts)
	id, err := w.journal.Intend(intent)
	if err != nil {
		t.Fatal(err)
	}
	w.intent = id
	w.world.set("t0", "paused")
	dog := &Watchdog{
		Path: w.journal.Path(), Choose: Only(w.world),
		Discard: func(context.Context, Begin) error {
			w.note("discard while " + w.world.state("t0"))
			return nil
		},
		Say: func(format string, args ...any) { w.note(fmt.Sprintf(format, args...)) },
	}
	go func() { w.over <- dog.Watch(t.Context(), w.ended) }()
	return w
}

func (w *watched) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, line)
}

func (w *watched) lines() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func (w *watched) said(text string) bool {
	return slices.ContainsFunc(w.lines(), func(line string) bool { return strings.Contains(line, text) })
}

// left is what is in the journal's folder.
func (w *watched) left(t *testing.T) []string {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func TestAWatchdogLeavesARunThatEndedWellAlone(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Hour)
		w.ended <- true
		if err := <-w.over; err != nil || len(w.lines()) > 0 || w.world.state("t0") != "paused" {
			t.Errorf("got %v, %q, target %s; want nothing done", err, w.lines(), w.world.state("t0"))
		}
	})
}

func TestAWatchdogHealsADeadRunAndRemovesItsStackAfterwards(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Hour)
		die(t, w.journal)
		close(w.ended)
		if err := <-w.over; err != nil || w.world.state("t0") != "running" {
			t.Errorf("got %v, target %s; want it healed", err, w.world.state("t0"))
		}
		if !w.said(`undid make "t0" paused`) || !w.said("discard while running") || len(w.left(t)) > 0 {
			t.Errorf("said %q, left %v; want the fault undone, then the stack discarded, and no journal", w.lines(), w.left(t))
		}
	})
}

// The end of the pipe alone is not death: a run may be one that closed it.
func TestAWatchdogNeverHealsALivingRun(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Hour)
		close(w.ended)
		time.Sleep(time.Minute)
		synctest.Wait()
		if w.world.state("t0") != "paused" || w.said("discard") {
			t.Fatalf("target %s, said %q; want a living run untouched", w.world.state("t0"), w.lines())
		}
		die(t, w.journal)
		if err := <-w.over; err != nil || w.world.state("t0") != "running" {
			t.Errorf("after its death: %v, target %s; want it healed", err, w.world.state("t0"))
		}
	})
}

func TestAWatchdogUndoesAFaultPastItsDeadlineOfARunThatHangs(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Minute)
		time.Sleep(59 * time.Second)
		synctest.Wait()
		if w.world.state("t0") != "paused" {
			t.Fatal("the fault was undone before its deadline")
		}
		w.world.failing("t0", errors.New("the engine restarts"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		w.world.failing("t0", nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if w.world.state("t0") != "running" || !w.said("its deadline passed while run") || !w.said("the engine restarts") {
			t.Errorf("target %s, said %q; want the fault undone, and both tries said", w.world.state("t0"), w.lines())
		}
		w.world.set("t0", "stopped by its owner")
		time.Sleep(time.Minute)
		synctest.Wait()
		if w.world.state("t0") != "stopped by its owner" {
			t.Error("what was undone once was undone again")
		}
		w.ended <- true
		if err := <-w.over; err != nil {
			t.Error(err)
		}
	})
}

func TestAWatchdogLeavesAFaultThatEndedInTimeAlone(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Minute)
		time.Sleep(time.Second)
		if err := w.journal.Done(w.intent); err != nil {
			t.Fatal(err)
		}
		w.world.set("t0", "of somebody else")
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.world.state("t0") != "of somebody else" || len(w.lines()) > 0 {
			t.Errorf("target %s, said %q; want nothing done", w.world.state("t0"), w.lines())
		}
		w.ended <- true
		<-w.over
	})
}

func TestAWatchdogGivesUpAndKeepsTheJournal(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Hour)
		w.world.failing("t0", errors.New("no engine"))
		die(t, w.journal)
		close(w.ended)
		began := time.Now()
		err := <-w.over
		if err == nil || !strings.Contains(err.Error(), "`fournines heal`") || !strings.Contains(err.Error(), "no engine") {
			t.Errorf("got %v; want what remains and what to do", err)
		}
		if took := time.Since(began); took < healPatience || took > healPatience+undoPatience {
			t.Errorf("gave up after %v, want %v", took, healPatience)
		}
		if s, alive, err := Look(w.journal.Path()); err != nil || alive || len(s.Open) != 1 {
			t.Errorf("the journal: %+v, held %v, %v; want it kept, with its intent, for whoever heals next", s, alive, err)
		}
		if !w.said("discard while paused") {
			t.Error("the stack was not removed because a fault in it could not be undone")
		}
	})
}

func TestAWatchdogIsDoneWhenSomebodyElseHealed(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, dir, time.Hour)
		die(t, w.journal)
		synctest.Wait()
		if err := os.Remove(w.journal.Path()); err != nil {
			t.Fatal(err)
		}
		close(w.ended)
		if err := <-w.over; err != nil || w.world.state("t0") != "paused" || !w.said("discard") {
			t.Errorf("got %v, target %s, said %q; want only the stack discarded", err, w.world.state("t0"), w.lines())
		}
	})
}

func TestATargetIsLeasedToOneRun(t *testing.T) {
	dir, w := t.TempDir(), newWorld(3)
	first, second := create(t, dir, "first"), create(t, dir, "second")
	id, err := first.Intend(w.breaking("t0", "paused"))
	if err != nil {
		t.Fatal(err)
	}
	held := func(j *Journal, i harness.Intent) *Held {
		t.Helper()
		_, err := j.Intend(i)
		held, ok := errors.AsType[*Held](err)
		if !ok || !strings.Contains(err.Error(), `run "first"`) || !strings.Contains(err.Error(), "nothing was injected") {
			t.Fatalf("got %v; want a refusal that names the run", err)
		}
		return held
	}
	both := w.breaking("t1", "paused")
	both.Undo.Steps = append(both.Undo.Steps, w.breaking("t0", "paused").Undo.Steps...)
	if h := held(second, both); !h.Alive || h.ID != "t0" {
		t.Errorf("got %+v; want t0, of a living run", h)
	}
	if _, err := second.Intend(w.breaking("t2", "paused")); err != nil {
		t.Errorf("another target: %v", err)
	}
	if _, err := first.Intend(w.breaking("t0", "slow")); err != nil {
		t.Errorf("a second fault of the run that holds the target: %v", err)
	}
	if err := first.Done("2"); err != nil {
		t.Fatal(err)
	}
	if err := first.Done(id); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Intend(both); err != nil {
		t.Errorf("after the first run gave it back: %v", err)
	}
}

func TestATargetOfADeadRunIsHealedFirst(t *testing.T) {
	dir, w := t.TempDir(), newWorld(1)
	first, second := create(t, dir, "first"), create(t, dir, "second")
	if _, err := first.Intend(w.breaking("t0", "paused")); err != nil {
		t.Fatal(err)
	}
	die(t, first)
	_, err := second.Intend(w.breaking("t0", "paused"))
	if held, ok := errors.AsType[*Held](err); !ok || held.Alive || !strings.Contains(err.Error(), "`fournines heal`") {
		t.Fatalf("got %v; want a refusal that says what to do", err)
	}
	if _, err := Heal(t.Context(), dir, Only(w)); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Intend(w.breaking("t0", "paused")); err != nil {
		t.Errorf("after the heal: %v", err)
	}
}

// Runs that want the same targets at the same time: each target goes to one.
func TestOfRunsAtOnceOneGetsTheTarget(t *testing.T) {
	dir, w := t.TempDir(), newWorld(1)
	const runs = 8
	got := make(chan error, runs)
	for n := range runs {
		j := create(t, dir, fmt.Sprint("r", n))
		go func() {
			_, err := j.Intend(w.breaking("t0", "paused"))
			got <- err
		}()
	}
	won := 0
	for range runs {
		err := <-got
		if err == nil {
			won++
		} else if _, ok := errors.AsType[*Held](err); !ok {
			t.Errorf("got %v; want a refusal", err)
		}
	}
	if won != 1 {
		t.Errorf("%d runs got the target, want 1", won)
	}
}

func TestWhatNobodyCanChooseAnUndoerForRemains(t *testing.T) {
	dir, w := t.TempDir(), newWorld(1)
	j := create(t, dir, "elsewhere")
	if _, err := j.Intend(w.breaking("t0", "paused")); err != nil {
		t.Fatal(err)
	}
	empty := create(t, dir, "nothing-open")
	die(t, j)
	die(t, empty)
	open, err := Open(dir)
	if err != nil || len(open) != 1 || open[0].Begin.RunID != "elsewhere" || len(open[0].Remaining) != 1 {
		t.Errorf("Open = %+v, %v; want the one fault", open, err)
	}
	healed, err := Heal(t.Context(), dir, func(Begin) (Undoer, error) { return nil, errors.New("it is on another engine") })
	if err == nil || len(healed) != 2 || len(healed[0].Remaining) != 1 || !strings.Contains(healed[0].String(), "on another engine") {
		t.Errorf("Heal = %+v, %v; want the fault remaining, with the reason", healed, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left in the folder: %v; want only the journal with an open intent", left)
	}
}
