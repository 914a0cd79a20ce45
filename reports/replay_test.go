package reports

import (
	"strings"
	"testing"
)

func TestShellWord(t *testing.T) {
	for in, want := range map[string]string{
		"catalog-replica-kill": "catalog-replica-kill",
		"dir/file.yaml":        "dir/file.yaml",
		"a b":                  "'a b'",
		"$(reboot)":            "'$(reboot)'",
		"it's":                 `'it'\''s'`,
		"":                     "''",
		"a\n;b":                "'a ;b'",
	} {
		if got := shellWord(in); got != want {
			t.Errorf("shellWord(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestReplay(t *testing.T) {
	t.Run("an observation is observed again, with everything that was asked for", func(t *testing.T) {
		s := observedSample()
		got := newRun("", s.verdicts, s.evidence).scenarios[0].replay()
		if want := "fournines observe --url 'http://127.0.0.1:8080/health?full=1' --for 30s --rate 300 --timeout 2s --expect 204"; got != want {
			t.Errorf("replay = %q, want %q", got, want)
		}
		s.evidence[0].Plan.Scenario.Load.URL, s.evidence[0].Plan.Scenario.Source = "https://shop.example:8443/", "my slo.yaml"
		got = newRun("", s.verdicts, s.evidence).scenarios[0].replay()
		if want := "--expect 204 --slo 'my slo.yaml' --allow-host shop.example"; !strings.HasSuffix(got, want) {
			t.Errorf("replay = %q, want it to end in %q", got, want)
		}
	})
	t.Run("without evidence the seed is left out, not made up", func(t *testing.T) {
		s := newRun("", passSample().verdicts, nil).scenarios[0]
		if got, want := s.replay(), "fournines run catalog-replica-kill"; got != want {
			t.Errorf("replay = %q, want %q", got, want)
		}
	})
}
