package stack

import (
	"strings"
	"testing"
	"time"
)

func TestADrillNeedsABackup(t *testing.T) {
	every := 30 * time.Second
	for _, tt := range []struct {
		rule    string
		choices Choices
		want    string // empty for none
		says    string // by the choices themselves
	}{
		{"the whole platform", Choices{Drill: every}, "", "a restore tried every 30s"},
		{"what the backup does by itself", Choices{}, "", ""},
		{"the parts that the backup needs", Choices{Drill: every, Components: []string{Backup}}, "", "a restore tried every 30s"},
		{"the least", Choices{Drill: 5 * time.Second}, "", "a restore tried every 5s"},
		{"less than a restore takes", Choices{Drill: 4 * time.Second}, "drill 4s: want 5s to 24h0m0s", "a restore tried every 4s"},
		{"never", Choices{Drill: 25 * time.Hour}, "drill 25h0m0s: want 5s to 24h0m0s", "a restore tried every 25h0m0s"},
		{"into the past", Choices{Drill: -every}, "drill -30s: want 5s to 24h0m0s", "a restore tried every -30s"},
		{"without a backup", Choices{Drill: every, Without: []string{Backup}}, "saw one without it: leave out either the drill or --without backup", "without backup, a restore tried every 30s"},
		{"of parts that have none", Choices{Drill: every, Components: []string{"catalog"}}, "want backup among the components, which is what is restored, saw [catalog]: add it", "a restore tried every 30s"},
		{"by nobody", Choices{Drill: every, Without: []string{RestoreVerify}}, "", "without restore-verify"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := tt.choices.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check = %v, want %q", err, tt.want)
			}
			if got := tt.choices.String(); got != tt.says {
				t.Errorf("in words: %q, want %q", got, tt.says)
			}
		})
	}
}
