package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/processors"
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
	for _, d := range []diagnosis{checkKernel(), checkCores(), checkHeadroom(), checkWake(), checkClock(), checkMemory(), checkDisk(t.TempDir()), checkFiles(), checkPorts(), checkLoopback(t.Context()), checkGo()} {
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

func TestJudgeKernel(t *testing.T) {
	d := judgeKernel(diagnosis{Check: "kernel", Health: healthy, Seen: "6.1"}, map[string]string{
		"CONFIG_NET_SCH_NETEM": "m", "CONFIG_NETFILTER_NETLINK_QUEUE": "y", "CONFIG_NF_TABLES": "y",
		"CONFIG_NET_SCH_TBF": "y", "CONFIG_IFB": "y", "CONFIG_BLK_DEV_THROTTLING": "y",
	})
	if d.Health != healthy || !strings.Contains(d.Seen, "sch_netem (module), NFQUEUE") || d.Do != "" {
		t.Errorf("a kernel with everything: %+v", d)
	}
	d = judgeKernel(diagnosis{Check: "kernel", Health: healthy, Seen: "6.1"}, map[string]string{"CONFIG_NETFILTER_NETLINK_QUEUE": "y"})
	if d.Health != doubtful || !strings.Contains(d.Seen, "without sch_netem, nftables") || !strings.Contains(d.Do, "in user space") {
		t.Errorf("a kernel without netem and nftables: %+v", d)
	}
}

func TestReadOptions(t *testing.T) {
	got, err := readOptions(strings.NewReader("# CONFIG_NET_SCH_NETEM is not set\nCONFIG_IFB=m\n\nCONFIG_VERSION=\"a=b\"\n"))
	if err != nil || len(got) != 2 || got["CONFIG_IFB"] != "m" {
		t.Errorf("readOptions = %v, %v", got, err)
	}
}

func TestHeadroomIsJudged(t *testing.T) {
	for _, tt := range []struct {
		name string
		d    diagnosis
		want health
		says string
	}{
		{"idle processors are ok", judgeHeadroom(processors.Times{All: 100, Idle: 70}, "0.10"), healthy, "70 % of"},
		{"busy ones are a doubt", judgeHeadroom(processors.Times{All: 100, Idle: 30}, "3.10"), doubtful, "load average 3.10"},
		{"stolen ones are a doubt", judgeHeadroom(processors.Times{All: 100, Idle: 60, Stolen: 20}, "0.10"), doubtful, "20 % taken"},
		{"counters that stand still say nothing", judgeHeadroom(processors.Times{}, "0.10"), doubtful, "unknown"},
		{"wake-ups in time are ok", judgeWake(60*time.Microsecond, time.Millisecond), healthy, "99 of 100"},
		{"late ones are a doubt", judgeWake(time.Millisecond, 30*time.Millisecond), doubtful, "30ms"},
		{"free ports are ok", judgePorts(28232, 500), healthy, "28232"},
		{"used ones are a doubt", judgePorts(28232, 25000), doubtful, "25000"},
		{"a fine clock is ok", judgeClock(time.Nanosecond, true, true), healthy, "is synchronised"},
		{"one that nobody steers is said", judgeClock(time.Nanosecond, false, true), healthy, "nobody synchronises"},
		{"a coarse clock is a doubt", judgeClock(4*time.Millisecond, false, false), doubtful, "is not told"},
		{"many files are ok", judgeFiles(65536, 5000, 1<<20), healthy, "5000 of 1048576"},
		{"a low limit is a doubt", judgeFiles(256, 5000, 1<<20), doubtful, "up to 256"},
		{"a system that has no more is a doubt", judgeFiles(65536, 99000, 100_000), doubtful, "99000 of 100000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.d.Health != tt.want || !strings.Contains(tt.d.Seen, tt.says) || (tt.d.Do == "") != (tt.want == healthy) {
				t.Errorf("saw %+v, want %s that says %q", tt.d, tt.want, tt.says)
			}
		})
	}
}

// scripted is a fault whose life is known.
type scripted struct {
	prepare, await error
	did            string
}

func (scripted) String() string { return "scripted" }
func (s scripted) Prepare(context.Context) (harness.UndoRecipe, error) {
	return harness.UndoRecipe{}, s.prepare
}
func (s scripted) Inject(context.Context) (harness.Injection, error) { return s, nil }
func (s scripted) Await(context.Context) error                       { return s.await }
func (s scripted) Recover(context.Context) error                     { return nil }
func (s scripted) Account() (did, shortfall string)                  { return s.did, "" }

func TestThePossibilityOfAFault(t *testing.T) {
	kind := fault.Kind{Action: "scripted", Method: "as written"}
	for _, tt := range []struct {
		name string
		f    harness.Fault
		err  error
		want possibility
	}{
		{"what takes effect is supported", scripted{did: "12 packets"}, nil, possibility{Support: supported, By: "as written", Seen: "12 packets"}},
		{"what goes another way is a fallback", scripted{did: "nfqueue beside \"a\""}, nil, possibility{Support: fallback, By: "as written", Seen: "nfqueue beside \"a\""}},
		{"what is not possible says why", scripted{prepare: fmt.Errorf("no: %w", errors.ErrUnsupported)}, nil, possibility{Support: unsupported, Because: "no: unsupported operation"}},
		{"what cannot be bound neither", nil, errors.New("no replica"), possibility{Support: untold, Because: "no replica"}},
		{"what takes no effect has failed", scripted{await: errors.New("nothing seen")}, nil, possibility{Support: untold, Because: "nothing seen"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := possibilityOf(t.Context(), kind, tt.f, tt.err)
			got.Effective, got.Removed = 0, 0
			tt.want.Action = "scripted"
			if got.Support == unsupported || got.Support == untold {
				got.Seen = ""
			}
			if got != tt.want {
				t.Errorf("possibility %+v, want %+v", got, tt.want)
			}
		})
	}
}
