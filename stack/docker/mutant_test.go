package docker

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/fixtures"
	"github.com/fournines/fournines/stack"
)

// recipeOf is a replica's recipe on a platform that lacks features.
func recipeOf(t *testing.T, name string, without ...string) recipe {
	t.Helper()
	choices := stack.Choices{Without: without}
	all := mutate(recipes("run", choices), choices)
	i := slices.IndexFunc(all, func(r recipe) bool { return r.name == name })
	if i < 0 {
		t.Fatalf("there is no recipe for %q", name)
	}
	return all[i]
}

func TestAMutantLacksAFeatureInEveryPartThatHasIt(t *testing.T) {
	for _, tt := range []struct{ feature, replica, want string }{
		{"retries", "gateway-1", "--without retries"},
		{"retries", "edge", "WITHOUT_RETRIES=1"},
		{"redispatch", "gateway-3", "--without redispatch"},
		{"redispatch", "edge", "WITHOUT_REDISPATCH=1"},
		{"health-checks", "gateway-2", "--without health-checks"},
		{"health-checks", "edge", "WITHOUT_HEALTH_CHECKS=1"},
		{"outlier-ejection", "gateway-1", "--without outlier-ejection"},
		{"registry-cache", "gateway-1", "--without registry-cache"},
		{"config-validation", "gateway-1", "--without config-validation"},
		{"lease-ttl", "catalog-2", "--lease-ttl 24h"},
		{"drain", "catalog-1", "--drain 0s"},
		{"drain", "gateway-1", "--drain 0s"},
		{"durability", "orders-2", "--without durability"},
		{"wal-archive", "db", "--archive=false"},
		{"wal-archive", "backup", "--stream=false"},
		{"restore-verify", "backup", "--drill 0s"},
		{"alerts", "prometheus", "--config.file=/scratch/without-alerts.yml"},
	} {
		t.Run(fmt.Sprintf("%s in %s", tt.feature, tt.replica), func(t *testing.T) {
			text := func(r recipe) string { return strings.Join(append(slices.Clone(r.command), r.environment...), " ") }
			if got := text(recipeOf(t, tt.replica, tt.feature)); !strings.Contains(got, tt.want) {
				t.Errorf("it is started with %q, want %q in it", got, tt.want)
			}
			if got := text(recipeOf(t, tt.replica)); strings.Contains(got, tt.want) {
				t.Errorf("the whole platform is started with %q, want no %q in it", got, tt.want)
			}
		})
	}
}

func TestWithoutBackupThereIsNone(t *testing.T) {
	choices := stack.Choices{Without: []string{stack.Backup}}
	all := mutate(recipes("run", choices), choices)
	if slices.ContainsFunc(all, func(r recipe) bool { return r.component == stack.Backup }) {
		t.Error("there is a recipe for the backup")
	}
	if db := recipeOf(t, "db", stack.Backup); slices.Contains(db.command, "--backup") || slices.Contains(db.secrets, backupPassword) {
		t.Errorf("the database is told of a backup: %q, secrets %q", db.command, db.secrets)
	}
	if db := recipeOf(t, "db"); !slices.Contains(db.command, "--backup") || !slices.Contains(db.secrets, backupPassword) {
		t.Errorf("the whole platform's database is not told of its backup: %q, secrets %q", db.command, db.secrets)
	}
}

func TestTheBackupIsToldHowOftenToTryARestore(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		choices stack.Choices
		want    []string // what follows --drill
	}{
		{"by itself", stack.Choices{}, nil},
		{"as often as was chosen", stack.Choices{Drill: 30 * time.Second}, []string{"30s"}},
		{"never where nobody does", stack.Choices{Drill: 30 * time.Second, Without: []string{stack.RestoreVerify}}, []string{"0s"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			all := mutate(recipes("run", tt.choices), tt.choices)
			i := slices.IndexFunc(all, func(r recipe) bool { return r.component == stack.Backup })
			var told []string
			for n, word := range all[i].command {
				if word == "--drill" {
					told = append(told, all[i].command[n+1])
				}
			}
			if !slices.Equal(told, tt.want) {
				t.Errorf("it is told %q in %q, want %q", told, all[i].command, tt.want)
			}
		})
	}
}

func TestTheEdgesConfigurationAsksForWhatItLacks(t *testing.T) {
	raw, err := fs.ReadFile(fixtures.Files, "haproxy/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	whole := recipeOf(t, "edge").environment
	for _, feature := range edgeFeatures {
		said := slices.DeleteFunc(slices.Clone(recipeOf(t, "edge", feature).environment), func(v string) bool { return slices.Contains(whole, v) })
		if len(said) != 1 || !strings.Contains(string(raw), "defined("+strings.TrimSuffix(said[0], "=1")+")") {
			t.Errorf("without %s the edge is told %q beyond what it is told anyway; want one thing that haproxy.cfg asks for", feature, said)
		}
	}
}

func TestWithoutAlertsPrometheusReadsNoRules(t *testing.T) {
	raw, err := fs.ReadFile(fixtures.Files, "prometheus/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	given, own := filepath.Join(dir, "prometheus.yml"), filepath.Join(dir, "without-alerts.yml")
	if err := os.WriteFile(given, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	script := recipeOf(t, "prometheus", "alerts").command[2]
	script = strings.NewReplacer("/etc/fournines/prometheus/prometheus.yml", given, "/scratch/without-alerts.yml", own).Replace(script)
	if said, err := exec.Command("sh", "-c", script, "sh", "true").CombinedOutput(); err != nil {
		t.Skipf("no shell here: %v: %s", err, said)
	}
	got, err := os.ReadFile(own)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "rules.yml") || strings.Contains(string(got), "rules.yml") || strings.Contains(string(got), "rule_files") {
		t.Errorf("the configuration still names rules:\n%s", got)
	}
	if !strings.Contains(string(got), "\nscrape_configs:\n  - job_name") {
		t.Errorf("more than the rules is gone:\n%s", got)
	}
}
