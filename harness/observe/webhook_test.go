package observe

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestParseNotificationReadsWhatAlertmanagerWrites(t *testing.T) {
	n, err := parseNotification([]byte(document(t, "alertmanager-group.json")))
	if err != nil || len(n.Alerts) != 2 || n.Alerts[1].Status != "firing" || n.Alerts[1].Labels["instance"] != "10.0.0.7:9090" {
		t.Fatalf("got %+v, %v; want two alerts, fields of later versions ignored", n, err)
	}
}

func TestParseNotificationRefusesWhatIsNone(t *testing.T) {
	whole := document(t, "alertmanager-firing.json")
	for rule, c := range map[string]struct{ old, now, want string }{
		"another version":         {`"version":"4"`, `"version":"5"`, `version is "5", want "4"`},
		"no version":              {`"version":"4",`, ``, `version is ""`},
		"another status":          {`"receiver":"fournines","status":"firing"`, `"status":"alerting"`, `status is "alerting", want firing or resolved`},
		"another alert's status":  {`"alerts":[{"status":"firing"`, `"alerts":[{"status":"pending"`, `alert 1 of notification: status is "pending"`},
		"an alert without a name": {`"labels":{"alertname":"InstanceDown"`, `"labels":{"name":"x"`, "no label alertname"},
		"an alert without start":  {`"startsAt":"2026-11-23T08:36:32.23Z",`, ``, "no startsAt"},
		"a start that is no time": {`2026-11-23T08:36:32.23Z`, `yesterday`, "want Alertmanager's JSON"},
		"labels of another type":  {`"alertname":"InstanceDown","component"`, `"alertname":7,"component"`, "want Alertmanager's JSON"},
		"another document":        {whole, `{"text":"catalog-2 is down"}`, `version is ""`},
		"no alerts":               {whole, `{"version":"4","status":"firing","alerts":[]}`, "no alerts"},
		"two documents":           {whole, whole + "{}", "saw more behind it"},
		"nothing":                 {whole, "", "want Alertmanager's JSON"},
	} {
		t.Run(rule, func(t *testing.T) {
			if !strings.Contains(whole, c.old) {
				t.Fatalf("the document has no %s", c.old)
			}
			_, err := parseNotification([]byte(strings.Replace(whole, c.old, c.now, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want it to say %q", err, c.want)
			}
		})
	}
}

func TestInboxEmitsWhatIsNew(t *testing.T) {
	firing, group := document(t, "alertmanager-firing.json"), document(t, "alertmanager-group.json")
	began := time.Date(2026, 11, 23, 8, 36, 30, 0, time.UTC)
	alone := strings.Replace(firing, `"status":"firing"`, `"status":"resolved"`, 2)
	said := func(k harness.Kind, subject string) harness.Signal {
		return harness.Signal{Resolution: time.Millisecond, Source: "alertmanager", Subject: subject, Kind: k, Detail: "InstanceDown"}
	}
	down, up := said(harness.AlertFiring, "catalog-2"), said(harness.AlertResolved, "catalog-2")
	for _, c := range []struct {
		rule  string
		began time.Time
		posts []string
		want  []harness.Signal
	}{
		{"an alert fires once, however often it is repeated", began, []string{firing, firing}, []harness.Signal{down}},
		{"of a group only what has changed is new", began, []string{firing, group, group},
			[]harness.Signal{down, up, said(harness.AlertFiring, "10.0.0.7:9090")}},
		{"an alert that fires anew is a new one", began, []string{firing, alone, strings.ReplaceAll(firing, "08:36:32", "08:37:32")},
			[]harness.Signal{down, up, down}},
		{"an alert that fired before the start is no signal", began.Add(time.Minute), []string{firing, firing}, nil},
		{"but its end is", began.Add(time.Minute), []string{firing, alone}, []harness.Signal{up}},
		{"an end whose beginning was not sent is an end", began, []string{alone, alone}, []harness.Signal{up}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			var got []harness.Signal
			in := &inbox{began: c.began, firing: map[string]bool{}, emit: func(s harness.Signal) {
				if age := time.Since(s.Time); age < 0 || age > time.Minute {
					t.Errorf("dated %s, want its arrival", s.Time)
				}
				s.Time = time.Time{}
				got = append(got, s)
			}}
			for _, body := range c.posts {
				rec := httptest.NewRecorder()
				in.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/alerts", strings.NewReader(body)))
				if rec.Code != http.StatusOK {
					t.Fatalf("status %d: %s", rec.Code, rec.Body)
				}
			}
			same(t, c.want, got)
		})
	}
}

// posted runs a webhook, posts the bodies to it and returns the statuses, what
// was emitted and how Observe ended.
func posted(t *testing.T, method string, bodies ...[]byte) (codes []int, got []harness.Signal, err error) {
	t.Helper()
	l, err := ListenWebhook("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Webhook(l).Observe(ctx, func(s harness.Signal) { got = append(got, s) }) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, body := range bodies {
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+l.Addr().String()+"/", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		codes = append(codes, resp.StatusCode)
	}
	cancel()
	err = <-done
	again, listenErr := ListenWebhook(l.Addr().String())
	if listenErr != nil {
		t.Fatalf("the port was not given back: %v", listenErr)
	}
	again.Close()
	return codes, got, err
}

func TestWebhookReceivesOverHTTP(t *testing.T) {
	fresh := strings.ReplaceAll(document(t, "alertmanager-firing.json"), "2026-11-23T08:36:32.23Z", time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	codes, got, err := posted(t, http.MethodPost, []byte("<html>"), []byte(fresh))
	if err != nil || len(got) != 1 || got[0].Kind != harness.AlertFiring || codes[0] != http.StatusBadRequest || codes[1] != http.StatusOK {
		t.Errorf("codes %v, signals %+v, error %v; want 400, 200, one alert", codes, got, err)
	}
	if _, got, err := posted(t, http.MethodPost); err != nil || got != nil {
		t.Errorf("nothing sent: got %+v, %v; want neither a signal nor an error", got, err)
	}
	if codes, _, err := posted(t, http.MethodGet, nil); err != nil || codes[0] != http.StatusMethodNotAllowed {
		t.Errorf("GET: code %v, error %v; want 405 and no error", codes, err)
	}
}

func TestWebhookThatCouldReadNothingIsAnError(t *testing.T) {
	for rule, body := range map[string][]byte{
		"no JSON":  []byte("<html>"),
		"too much": bytes.Repeat([]byte(" "), maxDocument+1),
	} {
		codes, _, err := posted(t, http.MethodPost, body)
		if err == nil || !strings.Contains(err.Error(), "no notification could be read") || codes[0] != http.StatusBadRequest {
			t.Errorf("%s: code %v, error %v; want 400 and an error", rule, codes, err)
		}
	}
}

func TestWebhookListensOnThisMachineAlone(t *testing.T) {
	for addr, want := range map[string]string{
		"0.0.0.0:0": "want a loopback address", ":9094": "want a loopback address", "192.0.2.1:9094": "want a loopback address",
		"localhost:0": "want a loopback address", "9094": "want HOST:PORT", "127.0.0.1:x": "listen for alerts",
	} {
		if l, err := ListenWebhook(addr); err == nil || !strings.Contains(err.Error(), want) {
			if l != nil {
				l.Close()
			}
			t.Errorf("%s: error %v; want it to say %q", addr, err, want)
		}
	}
}
