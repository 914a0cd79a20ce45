package spec

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// head is the least that a scenario must say.
const head = `apiVersion: fournines/v1
kind: Scenario
metadata: {name: steady-state}
hypothesis: without a fault nobody waits
load: {rate: 300/s, mix: browse}
slo: {availability: 99.99%}
`

func TestParseReadsEveryField(t *testing.T) {
	got, err := Parse("all.yaml", []byte(`
apiVersion: fournines/v1
kind: Scenario
metadata:
  name: catalog-replica-kill
  labels: {suite: [smoke, pr], needs: docker}
hypothesis: >
  killing one of three
  replicas costs nothing
load: {rate: 30/min, mix: browse, timeout: 750ms}
steady: {for: 12s, warmup: 3s}
disruption: {for: 21s}
recovery: {for: 16s}
faults:
  - {action: container-kill, target: {component: catalog, mode: fixed, value: 2}, at: 1s, duration: 5s, signal: TERM}
  - {action: container-pause, target: {node: b, mode: fixed-percent, value: 33.5%}}
  - {action: container-pause, target: {component: gateway}}
  - {action: noop}
slo: {availability: 99.99%, burst: 2.5, latency: {bound: 1s, p50: 20ms, p99: 250ms, p99.9: 500ms}}
limits: {failed: 0.01%, downtime: 100ms, detection: 2s, diagnosis: 3s, repair: 4s, recovery: 10s, lostWrites: 0, duplicatedWrites: 1, phantomWrites: 2, rpo: 3s, verifiedRestore: 60s, scaleOut: 40s}
risk: {class: process-crash}
trials: {pr: 5, nightly: 16, release: 33}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := harness.Scenario{
		Name:       "catalog-replica-kill",
		Labels:     map[string][]string{"suite": {"smoke", "pr"}, "needs": {"docker"}},
		Hypothesis: "killing one of three replicas costs nothing",
		Load:       harness.LoadSpec{Rate: 0.5, Mix: "browse", Timeout: 750 * time.Millisecond},
		Stages:     harness.Stages{Steady: 3 * time.Second, Baseline: 12 * time.Second, Disruption: 21 * time.Second, Recovery: 16 * time.Second},
		Faults: []harness.FaultSpec{
			{Action: "container-kill", Target: harness.TargetSpec{Component: "catalog", Mode: "fixed", Value: 2}, At: time.Second, Duration: 5 * time.Second, Params: map[string]string{"signal": "TERM"}},
			{Action: "container-pause", Target: harness.TargetSpec{Node: "b", Mode: "fixed-percent", Value: 33.5}},
			{Action: "container-pause", Target: harness.TargetSpec{Component: "gateway", Mode: "one"}},
			{Action: "noop"},
		},
		SLO: harness.SLO{Availability: 0.9999, Burst: 2.5, LatencyBound: time.Second, LatencyQuantiles: map[string]time.Duration{
			"p50": 20 * time.Millisecond, "p99": 250 * time.Millisecond, "p99.9": 500 * time.Millisecond}},
		Limits: harness.Limits{FailedFraction: new(0.0001), Downtime: new(100 * time.Millisecond), Detection: new(2 * time.Second),
			Diagnosis: new(3 * time.Second), Repair: new(4 * time.Second), Recovery: new(10 * time.Second), LostWrites: new(0),
			DuplicatedWrites: new(1), PhantomWrites: new(2), RPO: new(3 * time.Second), VerifiedRestore: new(time.Minute), ScaleOut: new(40 * time.Second)},
		RiskClass: "process-crash",
		Trials:    map[string]int{"pr": 5, "nightly": 16, "release": 33},
		Source:    "all.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scenario (-want +got):\n%s", diff)
	}
}

func TestParseDefaults(t *testing.T) {
	for name, tt := range map[string]struct {
		tail string
		want harness.Stages
	}{
		"without faults nothing is disrupted": {"", harness.Stages{Steady: 2 * time.Second, Baseline: 10 * time.Second}},
		"with faults there is time to disrupt and to recover": {"faults: [{action: noop}]\n",
			harness.Stages{Steady: 2 * time.Second, Baseline: 10 * time.Second, Disruption: 20 * time.Second, Recovery: 15 * time.Second}},
		"a stage of no length is not a default": {"faults: [{action: noop}]\nrecovery: {for: 0s}\nsteady: {for: 0s, warmup: 0s}\n",
			harness.Stages{Disruption: 20 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Parse("x.yaml", []byte(head+tt.tail))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Stages); diff != "" {
				t.Errorf("stages (-want +got):\n%s", diff)
			}
			if s.Load.Timeout != time.Second {
				t.Errorf("timeout = %s, want 1s", s.Load.Timeout)
			}
		})
	}
}

func TestParseReportsEverythingThatIsWrongAtOnce(t *testing.T) {
	src, err := os.ReadFile("testdata/wrong.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Parse("wrong.yaml", src)
	var problems Errors
	if !errors.As(err, &problems) {
		t.Fatalf("Parse error is a %T, want Errors", err)
	}
	got := problems.Error() + "\n"
	if *update {
		if err := os.WriteFile("testdata/wrong.golden", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/wrong.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("problems (-want +got); run with -update to accept:\n%s", diff)
	}
	var first Error
	if !errors.As(problems, &first) || first.File != "wrong.yaml" {
		t.Errorf("errors.As found no Error: %+v", first)
	}
}

func TestParseRefuses(t *testing.T) {
	edit := func(old, new string) string {
		if !strings.Contains(head, old) {
			panic(old)
		}
		return strings.Replace(head, old, new, 1)
	}
	for _, tt := range []struct{ name, src, want string }{
		{"an empty file", "", "f.yaml:1:1: expected a scenario, saw an empty file"},
		{"a file of comments", "# nothing\n", "f.yaml:1:1: expected a scenario, saw an empty file"},
		{"a list", "- a\n", "f.yaml:1:1: expected a mapping with apiVersion, kind, metadata, hypothesis, stack, load, steady, disruption, recovery, faults, slo, limits, safety, risk, trials, saw a list"},
		{"a second document", head + "---\na: 1\n", "f.yaml:7:1: expected one scenario in a file, saw another document; put it into a file of its own"},
		{"a second document that is no YAML", head + "---\na: [\n", "f.yaml:8:1: expected YAML: did not find expected node content"},
		{"broken YAML", "a: [\n", "f.yaml:1:1: expected YAML: did not find expected node content"},
		{"a tab", "a: 1\n\tb: 2\n", "f.yaml:2:1: expected YAML: found a tab character that violates indentation"},
		{"control characters", "a: \x00\n", "f.yaml:1:1: expected YAML: control characters are not allowed"},
		{"an alias", head + "faults: &x []\n", "f.yaml:7:9: expected a value, saw anchor \"&x\"; anchors are not supported, remove it"},
		{"a tag", edit("300/s", "!!str 300/s"), "f.yaml:5:14: expected a value, saw tag \"!!str\"; tags are not supported, remove it"},
		{"a merge key", head + "<<: {a: 1}\n", "f.yaml:7:1: unknown field \"<<\"; expected apiVersion"},
		{"a key that is a mapping", head + "{a: 1}: 2\n", "f.yaml:7:1: unknown field a mapping; expected apiVersion"},
		{"nesting without end", head + "faults: " + strings.Repeat("[", 12) + strings.Repeat("]", 12) + "\n", "f.yaml:7:20: expected nesting of at most 12 levels"},
		{"nesting beyond the library's limit", strings.Repeat("[", 100000), "f.yaml:1:1: expected YAML: exceeded max depth"},
		{"nothing where something belongs", edit("{rate: 300/s, mix: browse}", ""), "f.yaml:5:6: load: expected a mapping with rate, mix, url, expect, timeout, saw nothing"},
		{"a name of nothing", edit("name: steady-state", "name: ~"), "f.yaml:3:18: metadata.name: expected a word, saw nothing"},
		{"a zero rate", edit("300/s", "0/s"), "f.yaml:5:14: load.rate: expected more than 0 and at most 100000 requests per second, saw \"0/s\""},
		{"a negative rate", edit("300/s", "-3/s"), `load.rate: expected a rate such as 300/s or 5/min, saw "-3/s"`},
		{"NaN as a rate", edit("300/s", "NaN/s"), `load.rate: expected a rate such as 300/s or 5/min, saw "NaN/s"`},
		{"a rate too high", edit("300/s", "100001/s"), `f.yaml:5:14: load.rate: expected more than 0 and at most 100000 requests per second, saw "100001/s"`},
		{"a percentage of 101", edit("99.99%", "101%"), `f.yaml:6:21: slo.availability: expected a percentage from 0% to 100%, such as 99.99%, saw "101%"`},
		{"a negative percentage", edit("99.99%", "-1%"), `saw "-1%"`},
		{"a burst below one request", edit("99.99%", "99.99%, burst: 0.5"), `f.yaml:6:36: slo.burst: expected 0 (not known) or a number from 1: how many requests one cause of failure costs at most, saw "0.5"`},
		{"a burst without an end", edit("99.99%", "99.99%, burst: .inf"), `slo.burst: expected a number such as 5 or 2.5, saw ".inf"`},
		{"a promise of 100%", edit("99.99%", "100%"), `f.yaml:6:21: slo.availability: expected a fraction above 0 and below 1 (no system can promise 100%), saw "100%"`},
		{"a Disruption without faults", head + "disruption: {for: 20s}\n", `f.yaml:7:19: disruption.for: expected 0s, because there are no faults, saw "20s"`},
		{"no Baseline without faults", head + "steady: {for: 0s}\n", `f.yaml:7:15: steady.for: expected more than 0s, because without faults nothing else is judged, saw "0s"`},
		{"a duration that overflows", head + "steady: {for: 99999999h}\n", `steady.for: expected a duration such as 250ms, 10s or 1m30s, saw "99999999h"`},
		{"a stage of days", head + "steady: {for: 25h}\n", `f.yaml:7:15: steady.for: expected 0s to 24h0m0s, saw "25h"`},
		{"faults that are no list", head + "faults: {action: noop}\ndisruption: {for: 3s}\n", "f.yaml:7:9: faults: expected a list of faults, saw a mapping"},
		{"a fault without a target", head + "faults: [{action: container-kill}]\n", "f.yaml:7:10: faults[0].target: expected a component or a node"},
		{"a fault with half a replica", head + "faults: [{action: container-kill, target: {component: a, mode: fixed, value: 1.5}}]\n",
			`f.yaml:7:78: faults[0].target.value: expected a whole number of replicas, at least 1, saw "1.5"`},
		{"a parameter that is a list", head + "faults: [{action: container-kill, target: {component: a}, signal: [KILL]}]\n", "faults[0].signal: expected a signal (KILL, TERM), saw a list"},
		{"a thousand faults", head + "faults: [" + strings.Repeat("{action: noop},", 1000) + "]\n", "f.yaml:7:9: faults: expected at most 32 faults, saw 1000"},
		{"a thousand labels", edit("steady-state", "x, labels: {"+strings.Repeat("a: b, ", 1000)+"}"), "metadata.labels: expected at most 32 labels, saw 1000"},
		{"a label with a thousand values", edit("steady-state", "x, labels: {a: ["+strings.Repeat("b, ", 1000)+"]}"), "metadata.labels.a: expected at most 32 values, saw 1000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(tt.src))
			var problems Errors
			if !errors.As(err, &problems) {
				t.Fatalf("Parse error = %v, want Errors", err)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), tt.want) {
				t.Errorf("problems:\n%v\nwant only:\n%s", err, tt.want)
			}
		})
	}
}

func TestParseIsNotBlownUpByAliases(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	_, err := Parse("bomb.yaml", []byte(bomb.String()))
	if err == nil || !strings.Contains(err.Error(), "bomb.yaml:1:5: expected a value, saw anchor") {
		t.Errorf("error = %v, want the first anchor", err)
	}
}

func TestParseReportsAtMostAHundredProblems(t *testing.T) {
	var src strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&src, "f%d: *a\n", i)
	}
	for name, s := range map[string]string{"aliases": "a: &a 1\n" + src.String(), "unknown fields": strings.ReplaceAll(src.String(), "*a", "1")} {
		var problems Errors
		if _, err := Parse("many.yaml", []byte(s)); !errors.As(err, &problems) || len(problems) != maxErrors {
			t.Errorf("%s: %d problems, want %d", name, len(problems), maxErrors)
		}
	}
}

func TestParseFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.yaml", []byte(head))
	if s, err := ParseFile(good); err != nil || s.Source != good {
		t.Errorf("ParseFile = source %q, %v; want %q", s.Source, err, good)
	}
	for _, tt := range []struct{ name, path, want string }{
		{"a file of 10 MB is not parsed", write("large.yaml", make([]byte, 10_000_000)), "large.yaml:1:1: expected a scenario of at most 1048576 bytes, saw a larger file"},
		{"a file that is not there", filepath.Join(dir, "none.yaml"), "no such file"},
		{"a directory", dir, "want a YAML file, saw a directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseFile(tt.path); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want it to contain %q", err, tt.want)
			}
		})
	}
	if _, err := Parse("large.yaml", make([]byte, MaxSize+1)); err == nil {
		t.Error("Parse accepted more than MaxSize bytes")
	}
}

func TestTheExampleOfEveryFaultIsAScenariosFault(t *testing.T) {
	for _, k := range fault.Catalogue() {
		t.Run(k.Action, func(t *testing.T) {
			s, err := Parse("example.yaml", []byte(head+"faults:\n  - "+k.Example+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if s.Faults[0].Action != k.Action {
				t.Errorf("action = %q, want %q", s.Faults[0].Action, k.Action)
			}
		})
	}
}
