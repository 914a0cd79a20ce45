package fidelity

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

var (
	vegetaPath = flag.String("vegeta", "", "the vegeta command to compare with; empty leaves it out")
	k6Path     = flag.String("k6", "", "the k6 command to compare with; empty leaves it out")
)

// spareTime is what a generator of its own process may take beyond the length
// of its schedule: to start, and to wait for the last answers.
const spareTime = 20 * time.Second

// order is one piece of work for a generator.
type order struct {
	URL    string
	Rate   float64 // requests/s, whole
	Length time.Duration
}

// due is the number of requests that the order schedules.
func (o order) due() int { return int(o.Rate * o.Length.Seconds()) }

// did is what a generator says of a piece of work.
type did struct {
	// lags are sent - intended by the generator's own stamps; nil when it tells
	// none.
	lags []time.Duration
	// used is its processor time; 0 when it cannot be told from the target's.
	used time.Duration
}

// generator sends requests to a schedule.
type generator struct {
	name string
	send func(ctx context.Context, dir string, o order) (did, error)
}

// generators are those to compare: ours in the target's process, alone and in
// a trial, ours in a process of its own, and the commands that were given.
func generators(b *testing.B) []generator {
	b.Helper()
	all := []generator{
		{"fournines, in the target's process", func(ctx context.Context, _ string, o order) (did, error) {
			h, err := sendAlone(ctx, to(o.URL), o.Rate, o.Length)
			return h.did(), err
		}},
		{"fournines, the same in a trial", func(ctx context.Context, dir string, o order) (did, error) {
			h, err := sendInTrial(ctx, dir, to(o.URL), o.Rate, o.Length)
			return h.did(), err
		}},
		{ourselves, sendOurselves},
	}
	for _, command := range []struct {
		name, path string
		args       func(dir string, o order) ([]string, error)
	}{{"vegeta", *vegetaPath, vegetaArgs}, {"k6", *k6Path, k6Args}} {
		if command.path == "" {
			b.Logf("%s is left out: -%s names no command", command.name, command.name)
			continue
		}
		all = append(all, generator{versioned(b, command.name, command.path), func(ctx context.Context, dir string, o order) (did, error) {
			args, err := command.args(dir, o)
			if err != nil {
				return did{}, err
			}
			used, _, err := process(ctx, dir, o, command.path, nil, args...)
			return did{used: used}, err
		}})
	}
	return all
}

// did is what our own load says of its work.
func (h *heard) did() did {
	if h == nil {
		return did{}
	}
	return did{lags: h.lags}
}

// versioned adds the version that a Go command was built from.
func versioned(b *testing.B, name, path string) string {
	b.Helper()
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		b.Fatalf("-%s: want a command built by go install: %v", name, err)
	}
	return name + " " + info.Main.Version
}

// process runs a generator's command and returns its processor time and what
// it printed.
func process(ctx context.Context, dir string, o order, path string, env []string, args ...string) (used time.Duration, out []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.Length+spareTime)
	defer cancel()
	var said, wrong bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &said, &wrong
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return 0, nil, fmt.Errorf("run %s at %g/s: %w\n%s", filepath.Base(path), o.Rate, err, wrong.Bytes())
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), said.Bytes(), nil
}

// vegetaArgs attacks one URL; workers, connections and keep-alive are vegeta's
// defaults.
func vegetaArgs(dir string, o order) ([]string, error) {
	targets := filepath.Join(dir, "targets")
	if err := os.WriteFile(targets, []byte("GET "+o.URL+"\n"), 0o600); err != nil {
		return nil, err
	}
	return []string{"attack", "-targets", targets, "-rate", fmt.Sprintf("%.0f/1s", o.Rate), "-duration", o.Length.String(),
		"-timeout", timeout.String(), "-output", os.DevNull}, nil
}

// k6Args runs k6's open model, with users enough for answers of 200 ms and ten
// times that in reserve. It reports usage to nobody.
func k6Args(dir string, o order) ([]string, error) {
	script := filepath.Join(dir, "script.js")
	text := fmt.Sprintf(`import http from 'k6/http';
export const options = { discardResponseBodies: true, scenarios: { constant: {
  executor: 'constant-arrival-rate', rate: %.0f, timeUnit: '1s', duration: '%s', gracefulStop: '%s',
  preAllocatedVUs: %.0f, maxVUs: %.0f } } };
export default function () { http.get('%s'); }
`, o.Rate, o.Length, timeout, max(10, o.Rate/5), max(100, 2*o.Rate), o.URL)
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return []string{"run", "--quiet", "--no-usage-report", "--summary-mode", "disabled", "--address", "", script}, nil
}

// ourselves is our generator in a process of its own, as the others are.
const ourselves = "fournines, in its own process"

// workVariable makes this test binary a process that carries out the order in
// it and prints the lags.
const workVariable = "FOURNINES_FIDELITY_ORDER"

func sendOurselves(ctx context.Context, dir string, o order) (did, error) {
	self, err := os.Executable()
	if err != nil {
		return did{}, err
	}
	work, err := json.Marshal(o)
	if err != nil {
		return did{}, err
	}
	used, out, err := process(ctx, dir, o, self, []string{workVariable + "=" + string(work)})
	if err != nil {
		return did{}, err
	}
	d := did{used: used}
	if err := json.Unmarshal(out, &d.lags); err != nil {
		return did{}, fmt.Errorf("read lags of our own process: %w", err)
	}
	return d, nil
}

func TestMain(m *testing.M) {
	work := os.Getenv(workVariable)
	if work == "" {
		os.Exit(m.Run())
	}
	if err := workAlone(work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// workAlone is the process that sendOurselves starts.
func workAlone(work string) error {
	var o order
	if err := json.Unmarshal([]byte(work), &o); err != nil {
		return fmt.Errorf("read %s: %w", workVariable, err)
	}
	h, err := sendAlone(context.Background(), to(o.URL), o.Rate, o.Length)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(h.lags)
}
