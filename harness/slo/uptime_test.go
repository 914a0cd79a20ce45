package slo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// oneUser tries once a second for a minute and fails from 20 s to 29 s.
func oneUser() []Attempt {
	var all []Attempt
	for i := range 60 {
		all = append(all, Attempt{At: time.Duration(i) * time.Second, Good: i < 20 || i >= 30})
	}
	return all
}

func TestUserUptimeAgreesWithTheVector(t *testing.T) {
	got := UserUptime([][]Attempt{oneUser()}, time.Minute, 0)
	if diff := cmp.Diff(Uptime{50 * time.Second, 10 * time.Second}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ratio, ok := got.Ratio(); !ok || math.Abs(ratio-.8333) > 5e-5 {
		t.Errorf("got %g, %v; want .8333", ratio, ok)
	}
	ticks := UptimeTicks([][]Attempt{oneUser()}, time.Second, 60, 0)
	if diff := cmp.Diff(oneOutage(), ticks, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
}

func TestRetriesDoNotChangeUserUptime(t *testing.T) {
	// A quarter of an hour down in one hour is 75 %, however often one retries.
	for _, every := range []time.Duration{time.Second, 10 * time.Second} {
		var user []Attempt
		for at := time.Duration(0); at < time.Hour; {
			down := at >= 20*time.Minute && at < 35*time.Minute
			user = append(user, Attempt{at, !down})
			if down {
				at += every
			} else {
				at += time.Minute
			}
		}
		if got, ok := UserUptime([][]Attempt{user}, time.Hour, 0).Ratio(); !ok || math.Abs(got-.75) > 1e-12 {
			t.Errorf("retries every %v: got %g, want .75", every, got)
		}
	}
}

func TestUsersWhoAreAwayCountForNeither(t *testing.T) {
	const s = time.Second
	user := []Attempt{{40 * s, false}, {0, true}, {s, true}, {-s, true}, {90 * s, false}, {2 * s, false}}
	got := UserUptime([][]Attempt{user, nil}, time.Minute, 25*s)
	if diff := cmp.Diff(Uptime{Up: 2 * s, Down: 20 * s}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, ok := UserUptime(nil, time.Minute, 0).Ratio(); ok {
		t.Error("of no users there is no uptime")
	}
}

func TestUptimeTicksSplitSpansAtTheirEdges(t *testing.T) {
	const s = time.Second
	users := [][]Attempt{{{s / 2, true}, {2*s + s/4, false}}}
	want := []Tick{{.5, .5}, {1, 1}, {.25, 1}, {0, 1}}
	if diff := cmp.Diff(want, UptimeTicks(users, s, 4, 0), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := UptimeTicks(users, 0, 4, 0); got != nil {
		t.Errorf("no tick: got %v", got)
	}
	if got := UptimeTicks(users, s, -1, 0); got != nil {
		t.Errorf("no ticks: got %v", got)
	}
}
