package rig

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// ledStack can be asked for roles.
type ledStack struct {
	fakeStack
	roles map[string]string
	err   error
}

func (s ledStack) Roles(context.Context) (map[string]string, error) { return s.roles, s.err }

func aimed(mode string) harness.Scenario {
	return harness.Scenario{
		Name: "leader", Hypothesis: "losing the leader costs readers nothing",
		Load:   harness.LoadSpec{Rate: 10, Mix: "browse", Timeout: time.Second},
		Stages: harness.Stages{Steady: time.Second, Baseline: time.Second, Disruption: time.Second, Recovery: time.Second},
		Faults: []harness.FaultSpec{{Action: "container-kill", Target: harness.TargetSpec{Component: "etcd", Mode: mode}}},
		SLO:    harness.SLO{Availability: .99},
	}
}

func TestResolveAsksTheStackForRoles(t *testing.T) {
	led := ledStack{roles: map[string]string{"etcd-1": "follower", "etcd-3": "leader"}}
	for range 2 { // the leader moves between two trials
		leader := ""
		for name, role := range led.roles {
			if role == "leader" {
				leader = name
			}
		}
		p, err := Resolve(t.Context(), aimed("leader"), led, 1, 1)
		if err != nil || !slices.Equal(p.Injections[0].Targets, []string{leader}) {
			t.Errorf("plan = %+v, %v; want %s", p.Injections, err, leader)
		}
		led.roles = map[string]string{"etcd-1": "leader", "etcd-2": "follower"}
	}
	for want, st := range map[string]interface {
		Roles(context.Context) (map[string]string, error)
	}{
		"no leader among etcd-1, etcd-2, etcd-3": ledStack{roles: map[string]string{"etcd-1": "follower"}},
		"members are away":                       ledStack{err: errors.New("members are away")},
	} {
		if _, err := Resolve(t.Context(), aimed("leader"), st.(ledStack), 1, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
	if _, err := Resolve(t.Context(), aimed("leader"), fakeStack{}, 1, 1); err == nil || !strings.Contains(err.Error(), "the fake stack tells no roles") {
		t.Errorf("error = %v, want that the stack tells no roles", err)
	}
	if _, err := Resolve(t.Context(), aimed("majority"), fakeStack{}, 1, 1); err != nil {
		t.Errorf("a mode without roles asks for them: %v", err)
	}
}

func TestAPlanWithOpenTargetsIsNotBound(t *testing.T) {
	p, err := harness.Resolve(aimed("leader"), 1, 1, Targets(fakeStack{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(p, fakeStack{endpoints: endpoints("edge")}); err == nil || !strings.Contains(err.Error(), "nobody has asked yet which of [etcd-1 etcd-2 etcd-3]") {
		t.Errorf("error = %v, want a refusal", err)
	}
}
