package main

import (
	"github.com/fournines/fournines/stack/docker/dockertest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
)

// stopped is a run that was stopped at a checkpoint.
type stopped struct {
	t    *testing.T
	at   chan *os.Process // gives the process once it is there
	over chan crashEnd
	run  crash
}

// stopAt starts a run that stops itself at a checkpoint.
func (s *crashSite) stopAt(t *testing.T, action string, at harness.Checkpoint) (*stopped, *os.Process) {
	t.Helper()
	kind, ok := fault.Lookup(action)
	if !ok {
		t.Fatalf("no fault %q", action)
	}
	c := s.crash(kind)
	c.At, c.Stops = at, true
	st := &stopped{t: t, at: make(chan *os.Process, 1), over: make(chan crashEnd, 1), run: c}
	go func() {
		end, err := s.run(t.Context(), c, func(reached string, p *os.Process) {
			if reached == string(at) {
				st.at <- p
			}
		})
		if err != nil {
			t.Error(err)
		}
		st.over <- end
	}()
	select {
	case p := <-st.at:
		return st, p
	case end := <-st.over:
		t.Fatalf("it ended with exit code %d before it reached %s:\n%s", end.code, at, end.said)
	}
	return nil, nil
}

// goOn continues the run and returns how it ended.
func (st *stopped) goOn(p *os.Process) crashEnd {
	st.t.Helper()
	// A signal that comes before the process has stopped itself is lost.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if err := p.Signal(syscall.SIGCONT); err != nil {
			st.t.Log(err) // it has ended
		}
		select {
		case end := <-st.over:
			return end
		case <-tick.C:
		}
	}
}

func TestAFaultOfARunThatHangsEndsAtItsDeadline(t *testing.T) {
	dockertest.Slow(t)
	site := newCrashSite(t)
	endWatchdogs(t)
	before := site.settled(t)
	began := time.Now()
	st, p := site.stopAt(t, "container-pause", harness.DuringDisruption)
	const undone = "its deadline passed while run"
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for !strings.Contains(site.log(st.run), undone) {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("two minutes later the watchdog has not undone it:\n%s", site.log(st.run))
		}
		<-ticker.C
	}
	if took := time.Since(began); took < 30*time.Second {
		t.Errorf("undone after %v, before its deadline", took)
	}
	site.wantSame(t, before)
	if end := st.goOn(p); end.code != exitPass {
		t.Errorf("continued, it ended with exit code %d:\n%s", end.code, end.said)
	}
	awaitWatchdogs(t)
}

func TestTheSecondOfTwoRunsIsRefusedTheTarget(t *testing.T) {
	site := newCrashSite(t)
	endWatchdogs(t)
	site.settled(t)
	first, p := site.stopAt(t, "container-kill", harness.AfterIntent)
	kind, _ := fault.Lookup("container-pause")
	end, err := site.run(t.Context(), site.crash(kind), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "run \"" + first.run.Run + "\" holds it"; end.code != exitUnseen || !strings.Contains(end.said, want) {
		t.Errorf("the second run ended with exit code %d, want it refused with %q:\n%s", end.code, want, end.said)
	}
	if end := first.goOn(p); end.code != exitPass {
		t.Errorf("the first run ended with exit code %d:\n%s", end.code, end.said)
	}
	if end, err = site.run(t.Context(), site.crash(kind), nil); err != nil || end.code != exitPass {
		t.Errorf("after the first run the second ended with exit code %d, %v:\n%s", end.code, err, end.said)
	}
}

// wantSame fails the test unless the target is as before.
func (s *crashSite) wantSame(t *testing.T, before map[string]string) {
	t.Helper()
	if left, took := s.residue(t, crash{Run: "none"}, before, time.Now()); left != "" {
		t.Errorf("%v later the target is not as before (-before +now):\n%s", took, left)
	}
}

// What kills a watchdog in its sleep, a closed terminal or a careless kill,
// does not reach it; one that is dead all the same keeps its run from breaking
// anything more.
func TestAWatchdogOutlivesSignalsAndIsMissedWhenItDies(t *testing.T) {
	site := newCrashSite(t)
	endWatchdogs(t)
	before := site.settled(t)
	st, p := site.stopAt(t, "container-pause", harness.DuringDisruption)
	for path, pid := range watchdogs(t) {
		for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
			if err := syscall.Kill(pid, s); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	end := <-st.over
	if left, took := site.residue(t, st.run, before, end.at); left != "" {
		t.Errorf("%v after the kill the target is not as before (-before +now):\n%s\n%s", took, left, site.log(st.run))
	}
	awaitWatchdogs(t)

	kind, _ := fault.Lookup("container-pause")
	c := site.crash(kind)
	end, err := site.run(t.Context(), c, func(at string, p *os.Process) {
		if at != "begin" {
			return
		}
		for _, pid := range watchdogs(t) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil || !strings.Contains(end.said, "watchdog") || !strings.Contains(end.said, "nothing was injected") {
		t.Errorf("without its watchdog the run ended with exit code %d, %v; want nothing injected:\n%s", end.code, err, end.said)
	}
	site.wantSame(t, before)
}
