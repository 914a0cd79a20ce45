package fault

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/shape"
)

func TestFaultsThatChangePacketsRefuse(t *testing.T) {
	for _, tt := range []struct {
		action string
		values Values
		want   string
	}{
		{"delay", Values{"latency": "10ms", "jitter": "11ms"}, `parameter "jitter": want at most the latency of 10ms, saw 11ms`},
		{"delay", Values{"latency": "2s"}, `parameter "latency": want a duration from 1ms to 1s, saw "2s"`},
		{"delay", Values{"correlation": "101%"}, `parameter "correlation": want a percentage from 0% to 100%, saw "101%"`},
		{"delay", Values{"distribution": "flat"}, `want one of uniform, normal, pareto, saw "flat"`},
		{"delay", Values{"port": "65536"}, `parameter "port": want a whole number from 1 to 65535, saw "65536"`},
		{"delay", Values{"port": "0"}, `parameter "port"`},
		{"delay", Values{"direction": "sideways"}, `want one of in, out, both, saw "sideways"`},
		{"loss", Values{"percent": "0%"}, `parameter "percent"`},
		{"loss", Values{"percent": "100.1%"}, `parameter "percent"`},
		{"loss", Values{"p": "5%"}, `parameters "p" and "r": want both above 0% or none`},
		{"loss", Values{"p": "5%", "r": "50%", "lossBad": "0%"}, "want lossGood or lossBad above 0"},
		{"duplicate", Values{"percent": "10"}, `parameter "percent"`},
		{"corrupt", Values{"checksum": "none"}, `want one of wrong, right, saw "none"`},
		{"reorder", Values{"delay": "0s"}, `parameter "delay": want a duration from 1ms to 1s, saw "0s"`},
		{"reorder", Values{"gap": "-1"}, `parameter "gap"`},
		{"delay", nil, "want a target that is a fault.Connected"},
	} {
		_, err := New(tt.action, Binding{Values: tt.values, Targets: []Target{newReplica("catalog-1")}})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %v: error = %v, want %s", tt.action, tt.values, err, tt.want)
		}
	}
}

// seen is what a probe saw of 100 questions.
func seenBy(answered int64, least, median, most time.Duration) glance {
	return glance{asked: 100, answered: answered, least: least, median: median, most: most}
}

func TestEffectsAreSeenFromOutside(t *testing.T) {
	const ms = time.Millisecond
	before := seenBy(100, ms, 2*ms, 5*ms)
	deaf := glance{asked: 100}
	delayed := &shaping{in: true, plan: shape.Plan{Latency: 100 * ms, Jitter: 20 * ms}}
	both := &shaping{in: true, out: true, plan: delayed.plan}
	held := &shaping{in: true, plan: shape.Plan{HoldBack: 50 * ms}}
	for _, tt := range []struct {
		rule        string
		s           *shaping
		sees        func(*shaping, glance, glance, map[string]int64) (bool, string)
		before, now glance
		kernel      map[string]int64
		want        bool
	}{
		{"a round trip longer by latency minus jitter is a delay", delayed, slower, before, seenBy(100, 70*ms, 80*ms, 130*ms), nil, true},
		{"a shorter one is none", delayed, slower, before, seenBy(100, 1*ms, 60*ms, 130*ms), nil, false},
		{"no answer is none", delayed, slower, before, deaf, nil, false},
		{"in both directions it is twice as long", both, slower, before, seenBy(100, 70*ms, 80*ms, 130*ms), nil, false},
		{"and seen then", both, slower, before, seenBy(100, 150*ms, 160*ms, 230*ms), nil, true},
		{"where nobody refuses datagrams packets decided about count", delayed, slower, deaf, deaf, map[string]int64{"decided": 1}, true},
		{"and no others", delayed, slower, deaf, deaf, nil, false},
		{"silence and lost packets are a loss", delayed, silence("lost"), before, seenBy(99, ms, ms, ms), map[string]int64{"lost": 1}, true},
		{"silence alone is none", delayed, silence("lost"), before, seenBy(99, ms, ms, ms), nil, false},
		{"lost packets that nobody missed are none", delayed, silence("lost"), before, before, map[string]int64{"lost": 1}, false},
		{"some late answers beside others are reordering", held, overtaken, before, seenBy(100, ms, 2*ms, 50*ms), map[string]int64{"overtaken": 1}, true},
		{"a middling that was slow for other reasons is no measure", held, overtaken, seenBy(100, ms, 10*ms, 14*ms), seenBy(100, ms, 2*ms, 52*ms), map[string]int64{"overtaken": 1}, true},
		{"what came as late before is none", held, overtaken, seenBy(100, ms, 2*ms, 60*ms), seenBy(100, ms, 2*ms, 52*ms), map[string]int64{"overtaken": 1}, false},
		{"without a late answer it is none", held, overtaken, before, before, map[string]int64{"overtaken": 1}, false},
		{"a late answer alone may be the machine", held, overtaken, before, seenBy(100, ms, 2*ms, 50*ms), nil, false},
	} {
		if got, saw := tt.sees(tt.s, tt.before, tt.now, tt.kernel); got != tt.want {
			t.Errorf("%s: %v, %s", tt.rule, got, saw)
		}
	}
	if quick(delayed, before, seenBy(100, 30*ms, 80*ms, 130*ms)) || !quick(delayed, before, before) {
		t.Error("a path as before is one without the delay")
	}
}

func TestWhatPassedUntouchedIsAShortfall(t *testing.T) {
	before := map[string]string{"way": "nfqueue"}
	did, short := account(stoneHost{}, before, agent.Seen{Counters: map[string]int64{"queued": 10, "decided": 7, "lost": 3}})
	if did != `nfqueue beside "stone-1": 10 packets queued, 7 decided about, 3 lost` || short != "" {
		t.Errorf("account = %q, %q", did, short)
	}
	_, short = account(stoneHost{}, before, agent.Seen{Counters: map[string]int64{"queued": 10, "decided": 6, "passed undecided": 4}})
	if !strings.Contains(short, "4 of 10 packets passed untouched") {
		t.Errorf("shortfall = %q", short)
	}
}

// stoneHost is a host of which only the name is asked for.
type stoneHost struct{ Host }

func (stoneHost) Name() string { return "stone-1" }
