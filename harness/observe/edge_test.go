package observe

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestParseServersReadsWhatHAProxyWrites(t *testing.T) {
	got, err := parseServers([]byte(document(t, "haproxy-2.6.csv")))
	if err != nil {
		t.Fatal(err)
	}
	want := []server{
		{backend: "gateways", name: "gateway-1", up: true, status: "UP", check: "L7OK", downs: 1, changed: "13"},
		{backend: "gateways", name: "gateway-2", status: "DOWN", check: "L4CON", downs: 1, changed: "13"},
		{backend: "gateways", name: "gateway-3", status: "MAINT", changed: "13"},
		{backend: "plain", name: "other", up: true, status: "no check", changed: "13"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(server{})); diff != "" {
		t.Error(diff)
	}
}

func TestParseServers(t *testing.T) {
	const header = "# pxname,svname,status,chkdown,\n"
	t.Run("which states are up", func(t *testing.T) {
		for status, up := range map[string]bool{
			"UP": true, "UP 1/2": true, "no check": true,
			"DOWN": false, "DOWN 1/2": false, "DOWN (agent)": false, "MAINT": false, "MAINT (via x/y)": false, "DRAIN": false, "NOLB": false,
		} {
			got, err := parseServers([]byte(header + "b,s," + status + ",0,\n"))
			if err != nil || len(got) != 1 || got[0].up != up {
				t.Errorf("status %q: %+v, %v; want up = %v", status, got, err, up)
			}
		}
	})
	for _, test := range []struct{ rule, doc, want string }{
		{"another document is refused", "<html>", "begins with \"<html>\""},
		{"a document without the columns is refused", "# a,b\n", `no column "pxname"`},
		{"a document without servers is refused", header + "b,BACKEND,UP,0,\n", "no server"},
		{"a count that is no number is refused", header + "b,s,UP,many,\n", "chkdown of b/s"},
		{"quotes that do not end are refused", header + "b,\"s,UP,0,\n", "extraneous"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if _, err := parseServers([]byte(test.doc)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("parseServers = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestFlips(t *testing.T) {
	up := func(downs int) server { return server{up: true, downs: downs} }
	down := func(downs int) server { return server{downs: downs} }
	tests := []struct {
		rule        string
		before, now server
		want        []harness.Kind
	}{
		{"no change is no signal", up(1), up(1), nil},
		{"up to down", up(1), down(2), []harness.Kind{harness.LBDown}},
		{"down to up", down(1), up(1), []harness.Kind{harness.LBUp}},
		{"a dip between two polls is seen", up(1), up(2), []harness.Kind{harness.LBDown, harness.LBUp}},
		{"a rise between two polls is seen", down(1), down(2), []harness.Kind{harness.LBUp, harness.LBDown}},
		{"a restarted HAProxy counts from 0 and is no dip", up(3), up(0), nil},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want, flips(test.before, test.now)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEdge(t *testing.T) {
	const every = 100 * time.Millisecond
	doc := document(t, "haproxy-2.6.csv")
	fallen := strings.Replace(doc, "UP,1,1,0,2,1,13,0,", "DOWN,1,1,0,5,2,0,0,", 1)
	if fallen == doc {
		t.Fatal("the recorded document has no such server line")
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		e := &edge{name: "edge", path: "/stats;csv", every: every, source: answering(func(r *http.Request) (int, string, error) {
			d := time.Since(start)
			switch {
			case r.URL.Path != "/stats;csv":
				return http.StatusNotFound, "", nil
			case d >= 400*time.Millisecond && d < 900*time.Millisecond:
				return http.StatusServiceUnavailable, "", nil
			case d >= 250*time.Millisecond && d < 2*time.Second:
				return http.StatusOK, fallen, nil
			case d >= 700*time.Millisecond && d < 2250*time.Millisecond:
				return http.StatusServiceUnavailable, "", nil
			}
			return http.StatusOK, doc, nil
		})}
		same(t, []harness.Signal{
			{
				Time: start.Add(300 * time.Millisecond), Resolution: every, Source: "edge", Subject: "gateway-1",
				Kind: harness.LBDown, Detail: "backend gateways: DOWN, check L7OK, changed 0 s ago",
			},
			{ // polls failed from 2 s to 2.25 s: it may have come up at any time since 1.9 s
				Time: start.Add(2300 * time.Millisecond), Resolution: 400 * time.Millisecond, Source: "edge", Subject: "gateway-1",
				Kind: harness.LBUp, Detail: "backend gateways: UP, check L7OK, changed 13 s ago",
			},
		}, signals(t, e, 3*time.Second))
	})
}
