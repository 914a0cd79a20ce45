package main

import (
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestStageBar(t *testing.T) {
	s := time.Second
	trial := harness.Stages{Steady: 5 * s, Baseline: 5 * s, Disruption: 10 * s, Recovery: 5 * s}
	for _, tt := range []struct {
		name    string
		stages  harness.Stages
		elapsed time.Duration
		want    string
	}{
		{"nothing is filled at the start", trial, 0, "─────│─────│░░░░░░░░░░│─────"},
		{"what has passed is filled", trial, 15 * s, "━━━━━│━━━━━│▓▓▓▓▓░░░░░│─────"},
		{"a trial that overruns stays full", trial, 99 * s, "━━━━━│━━━━━│▓▓▓▓▓▓▓▓▓▓│━━━━━"},
		{"a stage without length is left out", harness.Stages{Steady: 5 * s, Baseline: 20 * s}, 5 * s, "━━━━━│────────────────────"},
		{"a very short stage is still seen", harness.Stages{Steady: 1, Baseline: 25 * s}, 0, "──│────────────────────────"},
		{"no stages, no bar", harness.Stages{}, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := stageBar(tt.stages, tt.elapsed, 25); got != tt.want {
				t.Errorf("stageBar = %q, want %q", got, tt.want)
			}
		})
	}
}
