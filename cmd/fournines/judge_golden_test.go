package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestJudgeTellsKnownGoodFromKnownBadEvidence(t *testing.T) {
	for name, want := range map[string]int{
		"good-kill": exitPass, "good-steady": exitPass, "bad-kill": exitMissed, "bad-slow-detect": exitMissed,
		"bad-steady": exitMissed, "killed": exitInvalid,
	} {
		var out, errs strings.Builder
		dir := filepath.Join("..", "..", "fixtures", "evidence", name)
		if code := run(t.Context(), []string{"judge", dir}, strings.NewReader(""), &out, &errs); code != want {
			t.Errorf("%s: exit code %d, want %d:\n%s%s", name, code, want, out.String(), errs.String())
		}
	}
}
