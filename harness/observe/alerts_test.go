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

func TestParseAlertsReadsWhatPrometheusWrites(t *testing.T) {
	for state, name := range map[string]string{"pending": "prometheus-2.42-pending.json", "firing": "prometheus-2.42-firing.json"} {
		got, err := parseAlerts([]byte(document(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		want := []alert{{
			Labels: map[string]string{
				"alertname": "InstanceDown", "component": "catalog", "instance": "127.0.0.1:28999", "job": "x",
				"node": "b", "replica": "catalog-2", "severity": "page",
			},
			State: state, ActiveAt: time.Date(2026, 11, 23, 8, 36, 31, 230914610, time.UTC),
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, body := range []string{`<html>`, `{}`, `{"status":"error","error":"no"}`, `{"status":"success"}`} {
		if _, err := parseAlerts([]byte(body)); err == nil {
			t.Errorf("parseAlerts(%s) = nil, want an error", body)
		}
	}
}

func TestAlertDiff(t *testing.T) {
	began := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	after := func(d time.Duration) time.Time { return began.Add(d) }
	is := func(state string, since time.Duration) []alert {
		return []alert{{Labels: map[string]string{"alertname": "InstanceDown", "replica": "catalog-2"}, State: state, ActiveAt: after(since)}}
	}
	signal := func(k harness.Kind, at, resolution time.Duration) harness.Signal {
		return harness.Signal{Time: after(at), Resolution: resolution, Source: "prometheus", Subject: "catalog-2", Kind: k, Detail: "InstanceDown"}
	}
	const every = time.Second // polls end at 0 s, 1 s, 2 s, …
	tests := []struct {
		rule  string
		polls [][]alert
		want  []harness.Signal
	}{
		{"no alert is no signal", [][]alert{nil, nil}, nil},
		{
			"an alert is pending, fires and is resolved",
			[][]alert{nil, is("pending", 500*time.Millisecond), is("pending", 500*time.Millisecond), is("firing", 500*time.Millisecond), is("firing", 500*time.Millisecond), nil, nil},
			[]harness.Signal{
				signal(harness.AlertPending, 500*time.Millisecond, time.Millisecond),
				signal(harness.AlertFiring, 3*time.Second, every),
				signal(harness.AlertResolved, 5*time.Second, every),
			},
		},
		{
			"an alert that fires at once cannot have fired before it was active",
			[][]alert{nil, is("firing", 900*time.Millisecond)},
			[]harness.Signal{signal(harness.AlertFiring, time.Second, 100*time.Millisecond)},
		},
		{"an alert that fired before the start is no signal", [][]alert{is("firing", -time.Minute), is("firing", -time.Minute)}, nil},
		{
			"but its end is",
			[][]alert{is("firing", -time.Minute), nil},
			[]harness.Signal{signal(harness.AlertResolved, time.Second, every)},
		},
		{
			"an alert that was pending before the start is a signal when it fires",
			[][]alert{is("pending", -time.Second), is("firing", -time.Second)},
			[]harness.Signal{signal(harness.AlertFiring, time.Second, every)},
		},
		{"an alert that is pending and passes was nothing", [][]alert{is("pending", -time.Second), nil}, nil},
		{
			"an alert that becomes active before the first poll is a signal",
			[][]alert{nil, is("pending", 200*time.Millisecond)},
			[]harness.Signal{signal(harness.AlertPending, 200*time.Millisecond, time.Millisecond)},
		},
		{
			"an alert that was resolved and fires again between two polls is both",
			[][]alert{is("firing", -time.Minute), is("firing", 700*time.Millisecond)},
			[]harness.Signal{signal(harness.AlertResolved, time.Second, every), signal(harness.AlertFiring, time.Second, 300*time.Millisecond)},
		},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			d := alertDiff{began: began}
			var got []harness.Signal
			for i, active := range test.polls {
				since := every
				if i == 0 {
					since = 0
				}
				got = append(got, d.next(active, after(time.Duration(i)*every), since)...)
			}
			same(t, test.want, got)
		})
	}
	t.Run("the first poll reports what became active since the start", func(t *testing.T) {
		d := alertDiff{began: began}
		got := d.next(is("firing", 200*time.Millisecond), after(500*time.Millisecond), 0)
		same(t, []harness.Signal{signal(harness.AlertFiring, 500*time.Millisecond, 300*time.Millisecond)}, got)
	})
	t.Run("alerts of different replicas are different alerts", func(t *testing.T) {
		other := alert{Labels: map[string]string{"alertname": "InstanceDown", "instance": "10.0.0.3:9090"}, State: "firing", ActiveAt: after(time.Second)}
		d := alertDiff{began: began, known: map[string]alert{}}
		d.next(is("firing", time.Second), after(time.Second), every)
		got := d.next(append(is("firing", time.Second), other), after(2*time.Second), every)
		want := signal(harness.AlertFiring, 2*time.Second, every)
		want.Subject = "10.0.0.3:9090"
		same(t, []harness.Signal{want}, got)
	})
}

func TestAlerts(t *testing.T) {
	pending, firing := document(t, "prometheus-2.42-pending.json"), document(t, "prometheus-2.42-firing.json")
	const none = `{"status":"success","data":{"alerts":[]}}`
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		// The recorded alert becomes active 300 ms after the start.
		active := start.Add(300 * time.Millisecond).UTC().Format(time.RFC3339Nano)
		a := &alerts{every: 200 * time.Millisecond, source: answering(func(r *http.Request) (int, string, error) {
			body := none
			switch d := time.Since(start); {
			case r.URL.Path != "/api/v1/alerts":
				return http.StatusNotFound, "", nil
			case d >= 300*time.Millisecond && d < 1300*time.Millisecond:
				body = pending
			case d >= 1300*time.Millisecond && d < 5*time.Second:
				body = firing
			}
			return http.StatusOK, strings.Replace(body, "2026-11-23T08:36:31.23091461Z", active, 1), nil
		})}
		got := signals(t, a, 6*time.Second)
		for i := range got {
			got[i].Time = got[i].Time.UTC()
		}
		signal := func(k harness.Kind, after, resolution time.Duration) harness.Signal {
			return harness.Signal{Time: start.Add(after).UTC(), Resolution: resolution, Source: "prometheus", Subject: "catalog-2", Kind: k, Detail: "InstanceDown"}
		}
		same(t, []harness.Signal{
			signal(harness.AlertPending, 300*time.Millisecond, time.Millisecond),
			signal(harness.AlertFiring, 1400*time.Millisecond, 200*time.Millisecond),
			signal(harness.AlertResolved, 5*time.Second, 200*time.Millisecond),
		}, got)
	})
}
