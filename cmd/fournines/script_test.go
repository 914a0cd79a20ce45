package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts, and the tests that need a process of its own, run
// this test binary as the command itself.
func TestMain(m *testing.M) {
	testscript.Main(ownState{m}, map[string]func(){
		"fournines":  main,
		"crashchild": crashChild,
	})
}

// ownState runs tests whose journals are not this user's.
type ownState struct{ m *testing.M }

// Run implements testscript.TestingM.
func (o ownState) Run() int {
	dir, err := os.MkdirTemp("", "fournines-state-")
	if err == nil {
		err = os.Setenv("XDG_STATE_HOME", dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	return o.m.Run()
}

// TestScripts runs testdata/script. A script has commands of its own:
//
//	deadrun RUN CONTAINER        leaves the journal of a dead run with a fault in effect
//	disk FOLDER OPTIONS          mounts a small tmpfs; for scripts with [mount]
//	exits CODE command args...   runs a command and demands the exit code
//	judged command args...       runs a command that ends with a verdict, whichever
//	monster FILE                 writes a scenario file of 10 MB
//	lines FILE NUMBER            demands the number of lines that a file or stream has
//	halve FILE                   cuts the last line of a file in half
//	rundir FOLDER NAME           sets $NAME to the only run directory in FOLDER
//	rundirs FOLDER NUMBER        demands the number of run directories in FOLDER
//	cmpverdicts FILE FILE        compares the verdicts of two JSON results
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			// What the surroundings of the test say about CI must not matter.
			for _, name := range ciMarks {
				env.Setenv(name, "")
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "mount" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return canMount(), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"deadrun":     deadRun,
			"disk":        disk,
			"exits":       exits,
			"judged":      judged,
			"monster":     monster,
			"lines":       lines,
			"halve":       halve,
			"rundir":      rundir,
			"rundirs":     rundirs,
			"cmpverdicts": cmpverdicts,
		},
	})
}

// exits runs a command and fails the script when its exit code is another. A run
// whose load was late because the machine was busy is tried again.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	runs := ts.MkAbs(filepath.Join("reports", "runs"))
	before, _ := os.ReadDir(runs) // none yet is fine
	for attempt := 1; ; attempt++ {
		got := codeOf(ts, args[1:])
		if got == want {
			return
		}
		// A machine that was busy for a moment is no evidence; whatever else it
		// came to is.
		if got != exitInvalid || attempt == 4 || !strings.Contains(ts.ReadFile("stdout"), "could not keep its schedule") {
			ts.Fatalf("%q exited with %d, want %d", args[1:], got, want)
		}
		if len(before) == 0 {
			ts.Check(os.RemoveAll(runs))
		}
	}
}

// judged runs a command that comes to a verdict: how a busy machine serves a
// real run cannot be foretold, that it ends with a verdict can.
func judged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: judged command [args...]")
	}
	switch got := codeOf(ts, args); got {
	case exitPass, exitMissed, exitInconclusive, exitInvalid:
	default:
		ts.Fatalf("%q exited with %d, want the code of a verdict", args, got)
	}
}

// codeOf runs a command and returns its exit code.
func codeOf(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		ts.Fatalf("run %q: %v", args, err)
	}
	return 0
}

// monster writes a scenario file that is far larger than any scenario.
func monster(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: monster FILE")
	}
	line := "hypothesis: " + strings.Repeat("a ", 500) + "\n"
	text := "apiVersion: fournines/v1\nkind: Scenario\n" + strings.Repeat("# "+line, 10<<20/len(line))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// lines fails the script when a file has another number of lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE NUMBER")
	}
	text := ts.ReadFile(args[0])
	if got := strings.Count(text, "\n"); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s has %d lines, want %s:\n%s", args[0], got, args[1], text)
	}
}

// halve cuts the last line of a file in half, as kill -9 does.
func halve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: halve FILE")
	}
	text := strings.TrimSuffix(ts.ReadFile(args[0]), "\n")
	last := strings.LastIndex(text, "\n") + 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:(last+len(text))/2]), 0o644))
}

// rundir finds the only run directory in a folder.
func rundir(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rundir FOLDER NAME")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) != 1 {
		ts.Fatalf("%s holds %d entries, want one run directory", args[0], len(entries))
	}
	ts.Setenv(args[1], path.Join(args[0], entries[0].Name()))
}

// rundirs fails the script when a folder holds another number of run
// directories.
func rundirs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rundirs FOLDER NUMBER")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if strconv.Itoa(len(entries)) != args[1] {
		ts.Fatalf("%s holds %d entries, want %s: %v", args[0], len(entries), args[1], entries)
	}
}

// cmpverdicts compares what two JSON results say of the scenarios.
func cmpverdicts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cmpverdicts FILE FILE")
	}
	var results [2]runResult
	for i, name := range args {
		if err := json.Unmarshal([]byte(ts.ReadFile(name)), &results[i]); err != nil {
			ts.Fatalf("read %s: %v", name, err)
		}
	}
	if len(results[0].Verdicts) == 0 || results[0].Outcome != results[1].Outcome || results[0].ExitCode != results[1].ExitCode {
		ts.Fatalf("%s is %s with exit code %d, %s is %s with %d: want them equal, of at least one scenario",
			args[0], results[0].Outcome, results[0].ExitCode, args[1], results[1].Outcome, results[1].ExitCode)
	}
	if diff := cmp.Diff(results[0].Verdicts, results[1].Verdicts); diff != "" {
		ts.Fatalf("verdicts (-%s +%s):\n%s", args[0], args[1], diff)
	}
}

// TestRunIsTheWholeCommand calls the entry point as main does, without a
// process of its own.
func TestRunIsTheWholeCommand(t *testing.T) {
	var out, errs strings.Builder
	if code := run(context.Background(), []string{"version"}, strings.NewReader(""), &out, &errs); code != exitPass {
		t.Errorf("run(version) = %d, want %d; stderr:\n%s", code, exitPass, errs.String())
	}
	if want := fmt.Sprintf("fournines %s", toolInfo().Version); !strings.HasPrefix(out.String(), want) {
		t.Errorf("run(version) printed %q, want it to begin with %q", out.String(), want)
	}
}
