package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack/docker"
)

func TestDoctor(t *testing.T) {
	for _, tt := range []struct {
		name    string
		results []diagnosis
		code    int
		says    []string
	}{
		{"all is well", []diagnosis{{"cores", healthy, "8", ""}}, exitPass, []string{"ok    cores"}},
		{"a doubt does not keep a run from working", []diagnosis{{"cores", doubtful, "1", "use two"}}, exitPass, []string{"warn  cores", "→ use two"}},
		{"what is unfit does", []diagnosis{{"cores", healthy, "8", ""}, {"container engine", unfit, "none", "start one"}}, exitInvalid,
			[]string{"bad   container engine", "→ start one", "--stack inproc"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			a := &app{out: &out}
			if got := exitCode(a.doctor(tt.results, false)); got != tt.code {
				t.Errorf("exit code %d, want %d", got, tt.code)
			}
			for _, want := range tt.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("does not say %q:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestJudgeAmount(t *testing.T) {
	for _, tt := range []struct {
		name string
		have uint64
		want health
	}{
		{"enough is ok", 2048, healthy},
		{"less than wanted is a doubt", 2047, doubtful},
		{"less than the least is unfit", 99, unfit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := judgeAmount("disk space", tt.have, 2048, 100, "free some"); got.Health != tt.want || (got.Do == "") != (tt.want == healthy) {
				t.Errorf("judgeAmount(%d) = %+v, want %s", tt.have, got, tt.want)
			}
		})
	}
}

func TestThisMachineIsFit(t *testing.T) {
	for _, d := range []diagnosis{checkCores(), checkMemory(), checkDisk(t.TempDir()), checkFiles(), checkLoopback(t.Context()), checkGo()} {
		if d.Health == unfit {
			t.Errorf("%s is unfit where the tests run: %s", d.Check, d.Seen)
		}
		if d.Seen == "" || d.Health != healthy && d.Do == "" {
			t.Errorf("%+v says not enough", d)
		}
	}
}

func TestCheckBase(t *testing.T) {
	canMake := func() (string, bool) { return "made with debootstrap", true }
	cannot := func() (string, bool) { return "install debootstrap", false }
	for _, tt := range []struct {
		name   string
		info   docker.EngineInfo
		make   func() (string, bool)
		health health
		do     string
	}{
		{"one that is there is used", docker.EngineInfo{BaseImage: "debian:bookworm-slim"}, cannot, healthy, ""},
		{"one that can be made is as good", docker.EngineInfo{}, canMake, healthy, ""},
		{"one that can only be pulled is a doubt", docker.EngineInfo{}, cannot, doubtful, "install debootstrap"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := checkBase(tt.info, tt.make); d.Health != tt.health || !strings.Contains(d.Do, tt.do) {
				t.Errorf("checkBase = %+v, want %s and %q", d, tt.health, tt.do)
			}
		})
	}
}
