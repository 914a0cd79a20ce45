package main

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestChooseStack(t *testing.T) {
	dead := errors.New("no container engine answers at tcp://127.0.0.1:1")
	for _, tt := range []struct {
		name, flag  string
		interactive bool
		engine      error
		want        stackChoice
		code        int
	}{
		{"auto takes containers when an engine answers", "auto", true, nil, stackChoice{kind: "docker"}, exitPass},
		{"a person without an engine gets the in-process stack and is told", "auto", true, dead, stackChoice{kind: "inproc", banner: bannerFallback}, exitPass},
		{"auto does not fall back where nobody watches", "auto", false, dead, stackChoice{}, exitInvalid},
		{"docker never falls back", "docker", true, dead, stackChoice{}, exitInvalid},
		{"inproc does not ask for an engine", "inproc", false, dead, stackChoice{kind: "inproc", banner: bannerAsked}, exitPass},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := chooseStack(tt.flag, tt.interactive, func() error { return tt.engine })
			if !reflect.DeepEqual(got, tt.want) || exitCode(err) != tt.code {
				t.Errorf("chooseStack = %+v, %v; want %+v and exit code %d", got, err, tt.want, tt.code)
			}
			if err != nil && !strings.Contains(err.Error(), "--stack inproc") {
				t.Errorf("error %q does not say what to do", err)
			}
		})
	}
}

func TestADryRunSaysWhichStackWouldBeUsed(t *testing.T) {
	for _, tt := range []struct {
		choice stackChoice
		want   string
	}{
		{stackChoice{kind: stackDocker}, "an engine answers"},
		{stackChoice{kind: stackInproc, banner: bannerAsked}, "as --stack says"},
		{stackChoice{kind: stackInproc, banner: bannerFallback}, "no container engine answers, so the in-process stack would be used"},
		{stackChoice{}, "would start nothing and end with exit code 4"},
	} {
		if got := tt.choice.planned(); !strings.Contains(got, tt.want) {
			t.Errorf("planned of %+v = %q, want %q in it", tt.choice, got, tt.want)
		}
	}
}

func TestCheckStack(t *testing.T) {
	if err := checkStack("dokcer"); exitCode(err) != exitUsage || !strings.Contains(err.Error(), `did you mean "docker"?`) {
		t.Errorf("checkStack(dokcer) = %v, want a usage error that suggests docker", err)
	}
	for _, name := range []string{"auto", "docker", "inproc"} {
		if err := checkStack(name); err != nil {
			t.Errorf("checkStack(%s) = %v, want nil", name, err)
		}
	}
}
