package main

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

func TestAgain(t *testing.T) {
	s := harness.Scenario{Name: "catalog-replica-kill", Source: "scenarios/catalog-replica-kill.yaml"}
	file := harness.Scenario{Name: "mine", Source: "dir/mine.yaml"}
	for name, tt := range map[string]struct {
		flags runFlags
		c     chosen
		stack string
		want  string
	}{
		"a scenario of the catalogue goes by its name, and auto by what it came to": {
			runFlags{stack: stackAuto, seed: 7}, chosen{Scenario: s, trials: 1}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --seed 7",
		},
		"a file goes by its path": {
			runFlags{selection: selection{names: []string{"dir/mine.yaml"}}, seed: 7}, chosen{Scenario: file, trials: 1}, stackInproc,
			"fournines run dir/mine.yaml --stack inproc --seed 7",
		},
		"trials and time are those of this run, whoever asked for them": {
			runFlags{selection: selection{suite: "pr", judged: 90 * time.Second}, seed: 8}, chosen{Scenario: s, trials: 5}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --trials 5 --for 1m30s --seed 8",
		},
		"so is the rate": {
			runFlags{selection: selection{rate: 62.5}, seed: 8}, chosen{Scenario: s, trials: 1}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --rate 62.5 --seed 8",
		},
		"the tier and the history belong to it": {
			runFlags{selection: selection{tier: "nightly"}, history: "runs", whole: true, seed: 9}, chosen{Scenario: s, trials: 27}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --trials 27 --tier nightly --history runs --no-early-stop --seed 9",
		},
		"so does the monitoring that it was told of": {
			runFlags{outsideFlags: outsideFlags{"http://127.0.0.1:9090", "http://127.0.0.1:8404/stats", "127.0.0.1:9094"}, seed: 8}, chosen{Scenario: s, trials: 1}, "compose:shop",
			"fournines run catalog-replica-kill --stack compose:shop --prometheus http://127.0.0.1:9090 --haproxy http://127.0.0.1:8404/stats --webhook 127.0.0.1:9094 --seed 8",
		},
		"so does what the platform was made of": {
			runFlags{platformFlags: platformFlags{stack.Choices{Edge: stack.Nginx, Balance: stack.LeastConn}}, seed: 8}, chosen{Scenario: s, trials: 1}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --edge nginx --balance leastconn --seed 8",
		},
		"the usual edge is not said": {
			runFlags{platformFlags: platformFlags{stack.Choices{Edge: stack.HAProxy}}, seed: 8}, chosen{Scenario: s, trials: 1}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --seed 8",
		},
		"a catalogue of one's own goes with it": {
			runFlags{risks: "my-risks.yaml", seed: 8}, chosen{Scenario: s, trials: 1}, stackDocker,
			"fournines run catalog-replica-kill --stack docker --risks my-risks.yaml --seed 8",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(tt.flags.again(tt.c, tt.stack), " "); got != tt.want {
				t.Errorf("again = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestObserveAgain(t *testing.T) {
	f := observeFlags{url: "http://127.0.0.1:8080/", judged: time.Minute, rate: 12.5, timeout: 2 * time.Second}
	for want, change := range map[string]func(*observeFlags){
		"fournines observe --url http://127.0.0.1:8080/ --for 1m0s --rate 12.5 --timeout 2s": func(*observeFlags) {},
		"fournines observe --url http://127.0.0.1:8080/ --for 1m0s --rate 12.5 --timeout 2s --expect 404 --slo shop.yaml --allow-host shop.example --prometheus http://127.0.0.1:9090": func(f *observeFlags) {
			f.expect, f.slo, f.allowHosts, f.prometheus = 404, "shop.yaml", []string{"shop.example"}, "http://127.0.0.1:9090"
		},
	} {
		f := f
		change(&f)
		if got := strings.Join(f.again(), " "); got != want {
			t.Errorf("again = %q, want %q", got, want)
		}
	}
}
