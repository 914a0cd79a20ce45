package telemetry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestTheQuotaOfAProcessIsReadFromItsControlGroup(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		files map[string]string
		want  string // empty for no metric
	}{
		{"version 2", map[string]string{"cpu.max": "10000 100000\n"}, "0.1"},
		{"version 2 without a quota", map[string]string{"cpu.max": "max 100000\n"}, ""},
		{"version 1", map[string]string{"cpu/cpu.cfs_quota_us": "20000\n", "cpu/cpu.cfs_period_us": "100000\n"}, "0.2"},
		{"version 1 without a quota", map[string]string{"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, ""},
		{"half of version 1", map[string]string{"cpu/cpu.cfs_quota_us": "20000\n"}, ""},
		{"no control group", nil, ""},
		{"nonsense", map[string]string{"cpu.max": "a lot\n"}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			root := t.TempDir()
			for name, text := range tt.files {
				path := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			m := &Metrics{registry: prometheus.NewRegistry()}
			m.registry.MustRegister(quotaGauge{root})
			text := exposition(t, m)
			want := "\nfournines_cpu_limit_cores " + tt.want + "\n"
			if strings.Contains(text, want) != (tt.want != "") || tt.want == "" && strings.Contains(text, "fournines_cpu_limit_cores") {
				t.Errorf("metrics\n%s\nwant %q", text, tt.want)
			}
		})
	}
}
