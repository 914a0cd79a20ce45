package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// Alerts asks Prometheus every interval for its alerts (GET /api/v1/alerts) and
// emits alert-pending, alert-firing and alert-resolved with the source
// "prometheus". The subject is the alert's label replica, else instance; the
// detail is its name.
//
// An alert became pending when Prometheus says it did (activeAt); that it
// fires or is resolved is dated by the poll. Alerts that were active before the
// observation began are where it starts from and no signal; that one of them
// begins to fire later, or is resolved, is.
//
// allowHosts are the hosts besides loopback addresses that may be asked.
func Alerts(prometheus func() (string, bool), every time.Duration, allowHosts ...string) harness.Observer {
	return &alerts{source: newSource(prometheus, allowHosts...), every: every}
}

// AskAlerts asks Prometheus at a base URL once, as Alerts does; nil when it
// answers with its alerts.
func AskAlerts(ctx context.Context, prometheus string, allowHosts ...string) error {
	_, err := newSource(func() (string, bool) { return prometheus, true }, allowHosts...).alerts(ctx)
	return err
}

type alerts struct {
	source
	every time.Duration
}

func (a *alerts) String() string { return "prometheus" }

// alert is one entry of the document at /api/v1/alerts.
type alert struct {
	Labels   map[string]string `json:"labels"`
	State    string            `json:"state"`
	ActiveAt time.Time         `json:"activeAt"`
}

// Observe implements harness.Observer.
func (a *alerts) Observe(ctx context.Context, emit func(harness.Signal)) error {
	var polled interval
	d := alertDiff{began: time.Now()}
	silence := quietly("prometheus", emit)
	err := poll(ctx, a.every, silence.listen(func(ctx context.Context) error {
		begin := time.Now()
		active, err := a.alerts(ctx)
		if err != nil {
			return err
		}
		end := time.Now()
		for _, s := range d.next(active, end, polled.next(begin, end)) {
			emit(s)
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("observe alerts: %w", err)
	}
	silence.until(time.Now())
	return nil
}

// alerts are those that are active.
func (s source) alerts(ctx context.Context) ([]alert, error) {
	body, err := s.fetch(ctx, "/api/v1/alerts")
	if err != nil {
		return nil, err
	}
	active, err := parseAlerts(body)
	if err != nil {
		return nil, useless{fmt.Errorf("read alerts of Prometheus: %w", err)}
	}
	return active, nil
}

func parseAlerts(body []byte) ([]alert, error) {
	var doc struct {
		Status string `json:"status"`
		Error  string `json:"error"`
		Data   *struct {
			Alerts []alert `json:"alerts"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	if doc.Status != "success" || doc.Data == nil {
		return nil, fmt.Errorf("expected status success with data, saw %q: %s", doc.Status, doc.Error)
	}
	return doc.Data.Alerts, nil
}

// key identifies an alert: all of its labels.
func (a alert) key() string {
	pairs := make([]string, 0, len(a.Labels))
	for name, value := range a.Labels {
		pairs = append(pairs, fmt.Sprintf("%s=%q", name, value))
	}
	slices.Sort(pairs)
	return strings.Join(pairs, ",")
}

func (a alert) firing() bool { return a.State == "firing" }

// signal is a signal of kind k about the alert.
func (a alert) signal(k harness.Kind, at time.Time, resolution time.Duration) harness.Signal {
	subject := a.Labels["replica"]
	if subject == "" {
		subject = a.Labels["instance"]
	}
	return harness.Signal{
		Time: at, Resolution: resolution, Source: "prometheus",
		Subject: subject, Kind: k, Detail: a.Labels["alertname"],
	}
}
