package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

func TestScenariosThatShareAPlatformWantTheSame(t *testing.T) {
	easy := chosen{Scenario: harness.Scenario{Name: "easy"}}
	slow := chosen{Scenario: harness.Scenario{Name: "slow", Stack: &harness.StackSpec{Cores: map[string]float64{"catalog": 0.1}}}}
	slower := chosen{Scenario: harness.Scenario{Name: "slower", Stack: &harness.StackSpec{Cores: map[string]float64{"catalog": 0.05}}}}
	wrong := chosen{Scenario: harness.Scenario{Name: "wrong", Stack: &harness.StackSpec{Autoscale: map[string]harness.ScaleSpec{"db": {Metric: "cpu", Target: .7}}}}}
	tried := chosen{Scenario: harness.Scenario{Name: "tried", Stack: &harness.StackSpec{Drill: 30 * time.Second}}}
	for _, tt := range []struct {
		rule  string
		kind  string
		suite string
		all   []chosen
		left  string
		cores float64
		said  string // by the error of those that were named, or beside a suite
	}{
		{"one that does not mind", stackDocker, "", []chosen{easy}, "easy", 0, ""},
		{"one alone gets what it wants", stackDocker, "", []chosen{slow}, "slow", 0.1, ""},
		{"two that want the same", stackDocker, "", []chosen{slow, slow}, "slow slow", 0.1, ""},
		{"two that do not", stackDocker, "", []chosen{slow, slower}, "", 0, "`fournines run slower`"},
		{"one beside one that does not mind", stackDocker, "", []chosen{slow, easy}, "", 0, "`fournines run slow`"},
		{"a suite goes on without it", stackDocker, "nightly", []chosen{slow, easy}, "easy", 0, "skipped, and not passed: scenario \"slow\" wants another platform than \"easy\""},
		{"a suite of one", stackDocker, "nightly", []chosen{slow}, "slow", 0.1, ""},
		{"in one process there are no quotas", stackInproc, "", []chosen{slow}, "", 0, "wants a platform in containers, with each catalog on at most 0.1 cores"},
		{"nor are there for a suite", stackInproc, "nightly", []chosen{slow, easy}, "easy", 0, "wants a platform in containers"},
		{"a restore that is tried", stackDocker, "", []chosen{tried}, "tried", 0, ""},
		{"but not in one process", stackInproc, "", []chosen{tried}, "", 0, "wants a platform in containers, with a restore tried every 30s"},
		{"a platform that nobody can build", stackDocker, "", []chosen{wrong}, "", 0, "autoscale db"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var said bytes.Buffer
			left, built, err := (&app{err: &said}).suited(tt.all, tt.suite, stackChoice{kind: tt.kind}, stack.Choices{})
			if err != nil {
				said.WriteString(err.Error())
				if exitCode(err) != exitUsage {
					t.Errorf("exit code %d, want %d", exitCode(err), exitUsage)
				}
			}
			var names []string
			for _, c := range left {
				names = append(names, c.Name)
			}
			if got := strings.Join(names, " "); got != tt.left || built.Cores["catalog"] != tt.cores {
				t.Errorf("left are %q on %v cores, want %q on %v", got, built.Cores, tt.left, tt.cores)
			}
			if !strings.Contains(said.String(), tt.said) || tt.said == "" && said.Len() > 0 {
				t.Errorf("said %q, want %q", said.String(), tt.said)
			}
		})
	}
}

func TestFlagsAboutLoadSayTheSameAgain(t *testing.T) {
	parse := func(words ...string) (f platformFlags, err error) {
		flags := pflag.NewFlagSet("run", pflag.ContinueOnError)
		f = platformFlags{}
		p := &f
		p.add(flags, "")
		err = flags.Parse(words)
		return *p, err
	}
	words := []string{"--autoscale", "catalog=cpu:70%,max=6", "--autoscale", "orders=requests:100/s", "--cores", "catalog=0.1,orders=0.2", "--work", "catalog=3ms", "--client-rate", "300", "--drill", "30s"}
	f, err := parse(words...)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.check(stackDocker); err != nil {
		t.Error(err)
	}
	if got := strings.Join(f.words(), " "); got != strings.Join(words, " ") {
		t.Errorf("again: %s, want %s", got, strings.Join(words, " "))
	}
	if c := f.chosen(nil); c.Cores["orders"] != 0.2 || c.Work["catalog"] != 3*time.Millisecond || c.Autoscale["catalog"].Max != 6 || c.ClientRate != 300 || c.Drill != 30*time.Second {
		t.Errorf("chosen %+v", c)
	}
	if err := f.check(stackInproc); err == nil || exitCode(err) != exitUsage {
		t.Errorf("in one process: %v, want a refusal", err)
	}
	for _, bad := range [][]string{{"--autoscale", "catalog"}, {"--cores", "catalog"}, {"--cores", "=1"}, {"--work", "catalog=3"}} {
		if _, err := parse(bad...); err == nil {
			t.Errorf("%q: want an error", bad)
		}
	}
	f, err = parse("--autoscale", "db=cpu:70%")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.check(stackDocker); err == nil || exitCode(err) != exitUsage {
		t.Errorf("a database that is scaled: %v, want a refusal", err)
	}
}
