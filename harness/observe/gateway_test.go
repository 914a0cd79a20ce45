package observe

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

// process is a gateway's process: it answers with its transitions so far.
type process struct {
	started time.Time
	all     []transition
}

// at adds a transition that happens d after the process started.
func (p *process) at(d time.Duration, kind harness.Kind) *process {
	p.all = append(p.all, transition{
		Seq: uint64(len(p.all) + 1), Time: p.started.Add(d), Kind: kind,
		Subject: "catalog-2", Detail: "3 consecutive failures",
	})
	return p
}

func (p *process) answer(r *http.Request) (int, string, error) {
	if r.URL.Path != "/-/transitions" {
		return http.StatusNotFound, "", nil
	}
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		return http.StatusBadRequest, "", nil
	}
	doc := transitions{Started: p.started}
	for _, t := range p.all {
		if t.Seq > after && !t.Time.After(time.Now()) {
			doc.Transitions = append(doc.Transitions, t)
		}
	}
	body, err := json.Marshal(doc)
	return http.StatusOK, string(body), err
}

func TestGateway(t *testing.T) {
	const every = 50 * time.Millisecond
	emitted := func(at time.Time, k harness.Kind) harness.Signal {
		return harness.Signal{Time: at.UTC(), Resolution: time.Millisecond, Source: "gateway-1", Subject: "catalog-2", Kind: k, Detail: "3 consecutive failures"}
	}
	run := func(t *testing.T, d time.Duration, a answers) []harness.Signal {
		got := signals(t, gateway("gateway-1", answering(a), every), d)
		for i := range got {
			got[i].Time = got[i].Time.UTC()
		}
		return got
	}
	t.Run("transitions are emitted once, in order, with the gateway's own time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			now := time.Now()
			p := (&process{started: now}).at(time.Second, "ejected").at(1010*time.Millisecond, "removed").
				at(2*time.Second, "added").at(2*time.Second, "readmitted").at(3*time.Second, "admired")
			got := run(t, 5*time.Second, p.answer)
			same(t, []harness.Signal{
				emitted(now.Add(time.Second), harness.Ejected), emitted(now.Add(1010*time.Millisecond), harness.Removed),
				emitted(now.Add(2*time.Second), harness.Added), emitted(now.Add(2*time.Second), harness.Readmitted),
			}, got)
		})
	})
	t.Run("what happened before the observation is no signal", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			now := time.Now()
			p := (&process{started: now.Add(-time.Hour)}).at(time.Minute, "ejected").at(time.Hour+time.Second, "readmitted")
			same(t, []harness.Signal{emitted(now.Add(time.Second), harness.Readmitted)}, run(t, 5*time.Second, p.answer))
		})
	})
	t.Run("a gateway that is restarted is read from its new beginning", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			now := time.Now()
			old := (&process{started: now}).at(100*time.Millisecond, "ejected").at(200*time.Millisecond, "readmitted")
			// More transitions than the old process had numbers, before anybody looks.
			fresh := (&process{started: now.Add(2 * time.Second)}).at(time.Millisecond, "added").at(2*time.Millisecond, "ejected").at(3*time.Millisecond, "removed")
			got := run(t, 5*time.Second, func(r *http.Request) (int, string, error) {
				switch d := time.Since(now); {
				case d < time.Second:
					return old.answer(r)
				case d < 2100*time.Millisecond:
					return 0, "", errors.New("connection refused")
				}
				return fresh.answer(r)
			})
			same(t, []harness.Signal{
				emitted(now.Add(100*time.Millisecond), harness.Ejected), emitted(now.Add(200*time.Millisecond), harness.Readmitted),
				emitted(now.Add(2001*time.Millisecond), harness.Added), emitted(now.Add(2002*time.Millisecond), harness.Ejected),
				emitted(now.Add(2003*time.Millisecond), harness.Removed),
			}, got)
		})
	})
	for _, test := range []struct{ rule, body, want string }{
		{"an answer that is not JSON is an error in the end", "<html>", "invalid character"},
		{"an answer without its process is an error in the end", "{}", `no "started"`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := gateway("gateway-1", answering(func(*http.Request) (int, string, error) { return 200, test.body, nil }), every)
				err := g.Observe(t.Context(), nil)
				if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), `"gateway-1"`) {
					t.Errorf("Observe = %v, want an error with %q that names the gateway", err, test.want)
				}
			})
		})
	}
	if diff := cmp.Diff("gateway-1", Gateway("gateway-1", nil, every).String()); diff != "" {
		t.Error(diff)
	}
}
