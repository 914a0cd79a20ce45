package observe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestTurns(t *testing.T) {
	one, two := znode{session: 7, made: 1, value: "one"}, znode{session: 8, made: 2, value: "two"}
	anew := znode{session: 7, made: 9, value: "one"}
	for _, tt := range []struct {
		rule    string
		from    nodes
		to      nodes
		changes []turn
	}{
		{"what stays is no change", nodes{"/s/a": one}, nodes{"/s/a": one}, nil},
		{"a new node is a change", nodes{"/s/a": one}, nodes{"/s/a": one, "/s/b": two}, []turn{{"/s/b", false, two}}},
		{"a node that is gone comes with what it held", nodes{"/s/a": one, "/s/b": two}, nodes{"/s/a": one}, []turn{{"/s/b", true, two}}},
		{"a node that was made anew is a change", nodes{"/s/a": one}, nodes{"/s/a": anew}, []turn{{"/s/a", false, anew}}},
		{"changes come by path", nodes{"/s/b": two}, nodes{"/s/c": two, "/s/a": one}, []turn{{"/s/a", false, one}, {"/s/b", true, two}, {"/s/c", false, two}}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.changes, tt.from.turns(tt.to), cmp.AllowUnexported(turn{}, znode{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDeparture(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		session int64
		said    string
		err     error
		want    harness.Kind
		detail  string
	}{
		{"a farewell of the session itself", 0xab, "ab", nil, harness.Deregistered, "said farewell"},
		{"a farewell of an earlier session is none", 0xab, "aa", nil, harness.LeaseExpired, "without a farewell"},
		{"no farewell ever", 0xab, "", errNoNode, harness.LeaseExpired, "without a farewell"},
		{"one that cannot be asked for is taken for none, and that is said", 0xab, "", errors.New("no quorum"), harness.LeaseExpired, "no quorum"},
		{"a node without a session was deleted", 0, "", errNoNode, harness.Deregistered, "no session"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if kind, detail := departure(tt.session, tt.said, tt.err); kind != tt.want || !strings.Contains(detail, tt.detail) {
				t.Errorf("departure = %q, %q; want %q, a detail with %q", kind, detail, tt.want, tt.detail)
			}
		})
	}
}

func TestZooKeeperThatNeverAnswersIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nowhere := func() (string, bool) { return "", false }
		start := time.Now()
		err := ZooKeeper([]func() (string, bool){nowhere}, "/s/", "/f/").Observe(context.Background(), nil)
		if err == nil || !strings.Contains(err.Error(), "no member has the session") {
			t.Errorf("Observe = %v, want an error that no member answers", err)
		}
		if took := time.Since(start); took < Patience || took > Patience+2*askTimeout {
			t.Errorf("gave up after %v, want about %v", took, Patience)
		}
	})
}
