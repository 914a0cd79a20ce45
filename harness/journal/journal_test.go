package journal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func begin(run string) Begin { return Begin{RunID: run, PID: 1, Stack: "test"} }

func create(t *testing.T, dir, run string) *Journal {
	t.Helper()
	j, err := Create(dir, begin(run))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() }) // a test may have closed it
	return j
}

// die ends a journal as the death of its process does: the lock goes, the file
// stays.
func die(t *testing.T, j *Journal) {
	t.Helper()
	if err := j.file.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestEveryPrefixHeals cuts a journal of random breaking and undoing at every
// byte, with the world as it could have been at that moment, and heals it.
func TestEveryPrefixHeals(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		w := newWorld(3)
		before := w.clone()
		j, err := Create(dir, begin("r1"))
		if err != nil {
			rt.Fatal(err)
		}
		// moments[i] is the world when the file had at least sizes[i] bytes.
		var sizes []int64
		var moments []*world
		note := func() {
			info, err := j.file.Stat()
			if err != nil {
				rt.Fatal(err)
			}
			sizes, moments = append(sizes, info.Size()), append(moments, w.clone())
		}
		note()
		type held struct{ id, target, was string }
		var stack []held
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			if len(stack) > 0 && rapid.Bool().Draw(rt, "undo") {
				last := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				w.states[last.target] = last.was
				note()
				if err := j.Done(last.id); err != nil {
					rt.Fatal(err)
				}
				note()
				continue
			}
			target := rapid.SampledFrom([]string{"t0", "t1", "t2"}).Draw(rt, "target")
			was := w.states[target]
			id, err := j.Intend(w.breaking(target, "paused"))
			if err != nil {
				rt.Fatal(err)
			}
			note() // intended, not yet broken
			w.states[target] = "broken-" + id
			note()
			stack = append(stack, held{id, target, was})
		}
		whole, err := os.ReadFile(j.Path())
		if err != nil {
			rt.Fatal(err)
		}
		if err := j.file.Close(); err != nil {
			rt.Fatal(err)
		}
		for cut := range len(whole) + 1 {
			for i := range moments {
				// A world is possible with what was on disk when it was made,
				// and with any later write that was cut off.
				next := int64(len(whole)) + 1
				for _, size := range sizes[i:] {
					if size > sizes[i] {
						next = size
						break
					}
				}
				if int64(cut) < sizes[i] || int64(cut) >= next {
					continue
				}
				now := moments[i].clone()
				state, err := Read(bytes.NewReader(whole[:cut]))
				if err != nil {
					rt.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
				}
				if err := new(Healed).undo(context.Background(), state.Open, now); err != nil {
					rt.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
				}
				if diff := cmp.Diff(before.states, now.states); diff != "" {
					rt.Fatalf("cut at %d of %d, moment %d (-before +healed):\n%s", cut, len(whole), i, diff)
				}
			}
		}
	})
}

func TestDamageEndsTheJournal(t *testing.T) {
	w := newWorld(2)
	j := create(t, t.TempDir(), "r1")
	for _, target := range []string{"t0", "t1"} {
		if _, err := j.Intend(w.breaking(target, "paused")); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(j.Path())
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for at := last; at < len(whole); at++ {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1
		s, err := Read(bytes.NewReader(damaged))
		if err != nil || !s.Torn || len(s.Open) != 1 || s.Open[0].Undo.Steps[0].Target != "t0" {
			t.Fatalf("byte %d flipped: got %+v, %v; want the first intent and Torn", at, s, err)
		}
	}
}

func TestHealLeavesTheLivingAlone(t *testing.T) {
	dir, w := t.TempDir(), newWorld(1)
	j := create(t, dir, "alive")
	if _, err := j.Intend(w.breaking("t0", "paused")); err != nil {
		t.Fatal(err)
	}
	w.states["t0"] = "paused"
	healed, err := Heal(t.Context(), dir, Only(w))
	if err != nil || len(healed) != 0 || w.states["t0"] != "paused" {
		t.Fatalf("got %v, %v, state %q; want a living run untouched", healed, err, w.states["t0"])
	}
}

func TestWhatCannotBeUndoneStaysInTheJournal(t *testing.T) {
	dir, w := t.TempDir(), newWorld(2)
	j := create(t, dir, "dead")
	for _, target := range []string{"t0", "t1"} {
		if _, err := j.Intend(w.breaking(target, "paused")); err != nil {
			t.Fatal(err)
		}
		w.states[target] = "paused"
	}
	die(t, j)
	w.fail["t1"] = errors.New("the engine does not answer")

	healed, err := Heal(t.Context(), dir, Only(w))
	if err == nil || len(healed) != 1 || len(healed[0].Remaining) != 1 || w.states["t0"] != "running" {
		t.Fatalf("got %v, %v, states %v; want t0 restored and t1 remaining", healed, err, w.states)
	}
	if got := healed[0].String(); !strings.Contains(got, "undo it by hand: restore t1") {
		t.Errorf("got %q; want the command for a person", got)
	}

	delete(w.fail, "t1")
	if _, err := Heal(t.Context(), dir, Only(w)); err != nil || w.states["t1"] != "running" {
		t.Fatalf("second heal: %v, state %q", err, w.states["t1"])
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("left in the folder: %v", left)
	}
}

func TestCloseKeepsOnlyAnOpenJournal(t *testing.T) {
	dir, w := t.TempDir(), newWorld(1)
	for _, test := range []struct {
		rule string
		done bool
		want int
	}{
		{"all undone: the file goes", true, 0},
		{"one open: the file stays for Heal", false, 1},
	} {
		t.Run(test.rule, func(t *testing.T) {
			j := create(t, dir, "r")
			id, err := j.Intend(w.breaking("t0", "paused"))
			if err != nil {
				t.Fatal(err)
			}
			if test.done {
				if err := j.Done(id); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != test.want {
				t.Errorf("left: %v; want %d files", left, test.want)
			}
		})
	}
}

func TestNothingIsIntendedAfterAFailedWrite(t *testing.T) {
	j, w := create(t, t.TempDir(), "r"), newWorld(1)
	if err := j.file.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := j.Intend(w.breaking("t0", "paused"))
		if err == nil || !strings.Contains(err.Error(), "nothing was injected") {
			t.Fatalf("got %v; want a refusal", err)
		}
	}
}
