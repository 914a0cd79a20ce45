package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

func TestARunStartsWhatItsScenariosHaveToDoWith(t *testing.T) {
	minute := time.Minute
	of := func(change func(*harness.Scenario)) chosen {
		s := harness.Scenario{Load: harness.LoadSpec{Mix: mixOfReaders}}
		change(&s)
		return chosen{Scenario: s}
	}
	readers := of(func(*harness.Scenario) {})
	for _, tt := range []struct {
		rule  string
		all   []chosen
		whole bool
	}{
		{"readers alone", []chosen{readers}, false},
		{"readers on few cores", []chosen{of(func(s *harness.Scenario) { s.Stack = &harness.StackSpec{ClientRate: 5} })}, false},
		{"writers", []chosen{readers, of(func(s *harness.Scenario) { s.Load.Mix = "shop" })}, true},
		{"a fault of the database", []chosen{of(func(s *harness.Scenario) {
			s.Faults = []harness.FaultSpec{{Target: harness.TargetSpec{Component: "db"}}}
		})}, true},
		{"a restore that is tried", []chosen{readers, of(func(s *harness.Scenario) { s.Stack = &harness.StackSpec{Drill: minute} })}, true},
		{"a restore that has to be verified", []chosen{of(func(s *harness.Scenario) { s.Limits.VerifiedRestore = &minute })}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := componentsFor(tt.all); (got == nil) != tt.whole {
				t.Errorf("components %v, want all: %v", got, tt.whole)
			}
		})
	}
}

func TestADrillOnTheCommandLineStartsWhatItRestores(t *testing.T) {
	f := platformFlags{choices: stack.Choices{Drill: 30 * time.Second}}
	if c := f.chosen(stack.ForReaders()); c.Components != nil || f.check(stackDocker) != nil {
		t.Errorf("components %v, want all; check says %v", c.Components, f.check(stackDocker))
	}
	f.choices.Components = []string{"edge"}
	if c := f.chosen(stack.ForReaders()); !slices.Equal(c.Components, []string{"edge"}) {
		t.Errorf("components %v, want what was named", c.Components)
	}
	for _, tt := range []struct {
		rule    string
		choices stack.Choices
		want    string
	}{
		{"of parts without a backup", f.choices, "want backup among the components"},
		{"without a backup", stack.Choices{Drill: 30 * time.Second, Without: []string{stack.Backup}}, "leave out either the drill or --without backup"},
		{"too often", stack.Choices{Drill: time.Second}, "drill 1s: want 5s to 24h0m0s"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := platformFlags{choices: tt.choices}.check(stackDocker)
			if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("check = %v, want a refusal with %q", err, tt.want)
			}
		})
	}
}
