package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack/docker"
)

func TestDenies(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"prod", "prod", true},
		{"prod", "shop-prod", true},
		{"prod", "shop_PROD2_web", true},
		{"prod", "prod.eu.example", true},
		{"prod", "product-catalog", false},
		{"prod", "reproduction", false},
		{"production", "Production", true},
		{"live", "eu-live-1", true},
		{"live", "delivery", false},
		{"live", "liveness", false},
		{"eu-*", "eu-west", true},
		{"eu-*", "neu-west", false},
		{"pay*", "shop-payroll-1", true},
		{"prod", "", false},
	} {
		if got := denies(tt.pattern, tt.text); got != tt.want {
			t.Errorf("denies(%q, %q) = %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
	for _, bad := range []string{"", " ", "["} {
		if checkDeny(bad) == nil {
			t.Errorf("--deny %q is accepted", bad)
		}
	}
}

// member is a container of project shop that may be broken.
func member(replica string, labels ...string) docker.Member {
	m := docker.Member{
		Replica: replica, Component: replica[:strings.LastIndex(replica, "-")], Container: "shop-" + replica, ID: strings.Repeat("a", 64),
		Labels: map[string]string{docker.LabelAllowFaults: docker.LabelAllowed},
	}
	for i := 0; i+1 < len(labels); i += 2 {
		m.Labels[labels[i]] = labels[i+1]
	}
	return m
}

func TestMarks(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		project string
		member  docker.Member
		want    []string
	}{
		{"nothing that looks like production", "shop", member("web-1"), nil},
		{"the project's name", "shop-prod", member("web-1"), []string{`its name "shop-prod" (pattern "prod")`}},
		{"a label's value", "shop", member("web-1", "env", "production"), []string{`label env=production of container "shop-web-1" (pattern "production")`}},
		{"a label's key", "shop", member("web-1", "com.example.live", "yes"), []string{`label com.example.live=yes of container "shop-web-1" (pattern "live")`}},
		{"a component's name", "shop", member("prod-1"), []string{`container "shop-prod-1" (pattern "prod")`, `component "prod" (pattern "prod")`}},
		{"what describes the image does not count", "shop", member("web-1", "org.opencontainers.image.description", "a production web server"), nil},
	} {
		if diff := cmp.Diff(tt.want, marks(tt.project, []docker.Member{tt.member}, denied())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestGate(t *testing.T) {
	plan := func(action string, targets ...string) harness.Plan {
		return harness.Plan{Injections: []harness.PlannedInjection{{Action: action, Targets: targets}}}
	}
	open := harness.Plan{Injections: []harness.PlannedInjection{{Action: "container-kill", Open: []string{"web-1", "db-1"}}}}
	closed := member("db-1", docker.LabelAllowFaults, "yes")
	members := []docker.Member{member("web-1"), member("web-2"), closed}
	for _, tt := range []struct {
		rule  string
		plan  harness.Plan
		gate  gate
		wants []string // parts of the refusals, one each
	}{
		{"a fault that is allowed", plan("container-kill", "web-1"), gate{allow: true}, nil},
		{"read-only", plan("container-kill", "web-1"), gate{}, []string{"add --allow-faults"}},
		{"a fault of the load hits no container", plan("traffic-spike"), gate{marks: []string{"its name"}}, []string{"--allow-faults", "--yes-break"}},
		{"nothing is hit", plan("noop", "web-1"), gate{marks: []string{"x"}}, nil},
		{"a container that did not opt in", plan("container-kill", "db-1"), gate{allow: true}, []string{`want io.fournines.allow-faults=true, saw "yes"`}},
		{"one that could be drawn", open, gate{allow: true}, []string{`container "shop-db-1" does not carry the opt-in label`}},
		{"a denied name", plan("container-kill", "web-1"), gate{allow: true, marks: []string{"its name"}}, []string{"add --yes-break shop"}},
		{"a denied name, confirmed", plan("container-kill", "web-1"), gate{allow: true, marks: []string{"its name"}, confirmed: "shop"}, nil},
		{"confirmed wrongly", plan("container-kill", "web-1"), gate{allow: true, marks: []string{"its name"}, confirmed: "Shop"}, []string{`is "Shop": want exactly "shop"`}},
		{"all at once", plan("container-kill", "web-1", "db-1"), gate{marks: []string{"its name"}}, []string{"--allow-faults", "opt-in label", "--yes-break"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			g := tt.gate
			plans := []harness.Plan{tt.plan}
			g.name, g.title, g.faults, g.hits = "shop", `compose project "shop"`, faultsOf(plans), hitsOf(plans, members)
			got := g.refusals()
			if len(got) != len(tt.wants) {
				t.Fatalf("refusals %q, want %d", got, len(tt.wants))
			}
			for i, want := range tt.wants {
				if !strings.Contains(got[i], want) {
					t.Errorf("refusal %q, want it to contain %q", got[i], want)
				}
			}
			if err := g.refusal(); (err != nil) != (len(tt.wants) > 0) {
				t.Errorf("refusal() = %v, want one: %v", err, len(tt.wants) > 0)
			}
		})
	}
}

func TestAPersonTypesTheName(t *testing.T) {
	for typed, want := range map[string]string{"shop\n": "shop", "shop": "shop", "\n": "", "": "", "shop \r\n": "shop "} {
		var errs strings.Builder
		a := &app{in: strings.NewReader(typed), err: &errs}
		if got := a.ask(gate{title: "it", marks: []string{"its name"}}); got != want {
			t.Errorf("typed %q: got %q, want %q", typed, got, want)
		}
		if !strings.Contains(errs.String(), "its name") || !strings.Contains(errs.String(), "Type its name") {
			t.Errorf("the question does not say why and what: %q", errs.String())
		}
	}
}

func TestRadiusFlags(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		flags    radiusFlags
		attached bool
		want     harness.Caps
	}{
		{"one's own stack has no caps", radiusFlags{}, false, harness.Caps{}},
		{"an attached one has", radiusFlags{}, true, harness.DefaultCaps()},
		{"a number replaces the default, and is strict", radiusFlags{maxTargets: 2}, true, harness.Caps{Targets: 2, Strict: true}},
		{"so does a share, also of one's own", radiusFlags{maxShare: "34%"}, false, harness.Caps{Share: .34, Strict: true}},
	} {
		if got := tt.flags.caps(tt.attached); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.rule, got, tt.want)
		}
	}
	given := func(names ...string) func(string) bool {
		return func(name string) bool { return strings.Contains(strings.Join(names, " "), name) }
	}
	for want, tt := range map[string]radiusFlags{
		"--max-targets 0: want 1 or more":            {},
		`--max-share "0%": want a percentage`:        {maxTargets: 1, maxShare: "0%"},
		`--max-share "0.5": want a percentage`:       {maxTargets: 1, maxShare: "0.5"},
		`--max-share "NaN%": want a percentage`:      {maxTargets: 1, maxShare: "NaN%"},
		`--deny "[": want a word`:                    {maxTargets: 1, maxShare: "1%", deny: []string{"["}},
		`--allow-host "http://x": want a host name`:  {maxTargets: 1, maxShare: "1%", allowHosts: []string{"http://x"}},
		`--lever "http://x/": send to "x"`:           {maxTargets: 1, maxShare: "1%", levers: []string{"http://x/"}},
		`--lever "": want the path of a file or a U`: {maxTargets: 1, maxShare: "1%", levers: []string{""}},
	} {
		if err := tt.check(given("max-targets", "max-share")); err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("check(%+v) = %v, want a usage error with %q", tt, err, want)
		}
	}
	f := radiusFlags{allowFaults: true, yesBreak: "shop", maxTargets: 2, maxShare: "50%", deny: []string{"eu"}, levers: []string{"stop"}, allowHosts: []string{"shop"}}
	if got, want := strings.Join(f.radius(), " "), "--allow-faults --allow-host shop --deny eu --lever stop --max-targets 2 --max-share 50%"; got != want {
		t.Errorf("again: %q, want %q: all but the typed confirmation", got, want)
	}
}

func TestTheEnvironmentNamesALever(t *testing.T) {
	t.Setenv(leverVariable, "http://127.0.0.1:1/lever")
	levers, err := radiusFlags{levers: []string{"stop"}}.safetyLevers()
	if err != nil || len(levers) != 2 || levers[1].String() != "http://127.0.0.1:1/lever" {
		t.Errorf("levers %v, %v, want the flag's and the environment's", levers, err)
	}
}

func TestAPlanFromAFileIsHeldToTheCaps(t *testing.T) {
	targets := []harness.Target{{Name: "web-1", Component: "web"}, {Name: "web-2", Component: "web"}, {Name: "web-3", Component: "web"}}
	plan := func(mode harness.Mode, hit ...string) []harness.Plan {
		return []harness.Plan{{
			Scenario:   harness.Scenario{Name: "s", Faults: []harness.FaultSpec{{Target: harness.TargetSpec{Mode: string(mode)}}}},
			Injections: []harness.PlannedInjection{{Action: "container-kill", Targets: hit, Duration: 1}},
		}}
	}
	one := plan(harness.One, "web-1")
	if err := holdTo(harness.DefaultCaps(), one, targets); err != nil || one[0].Caps != harness.DefaultCaps() {
		t.Errorf("one of three: %v, caps %+v, want it to be held to the default from now on", err, one[0].Caps)
	}
	if err := holdTo(harness.DefaultCaps(), plan(harness.Fixed, "web-1", "web-2"), targets); err == nil || !strings.Contains(err.Error(), `2 of 3 replicas of "web" at once: want at most 1`) {
		t.Errorf("two of three: %v, want it refused", err)
	}
	if err := holdTo(harness.DefaultCaps(), plan(harness.All, "web-1", "web-2", "web-3"), targets); err != nil {
		t.Errorf("mode all: %v", err)
	}
}
