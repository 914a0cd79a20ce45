package observe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/fournines/fournines/harness"
)

// notificationVersion is the version of Alertmanager's webhook document that
// is understood; it is that of every Alertmanager since 0.4.
const notificationVersion = "4"

// notification is the document that Alertmanager posts to a webhook, as far as
// it is of use here.
type notification struct {
	Version string     `json:"version"`
	Status  string     `json:"status"`
	Alerts  []notified `json:"alerts"`
}

// notified is one alert of a notification.
type notified struct {
	Status   string            `json:"status"`
	Labels   map[string]string `json:"labels"`
	StartsAt time.Time         `json:"startsAt"`
}

// parseNotification reads the document and refuses what is not one: another
// version, a status that is neither firing nor resolved, no alert, an alert
// without a name or a start. Fields that are of no use here are ignored,
// because newer Alertmanagers add some.
func parseNotification(body []byte) (notification, error) {
	var n notification
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&n); err != nil {
		return n, fmt.Errorf("read notification: want Alertmanager's JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return n, errors.New("read notification: want one JSON document, saw more behind it")
	}
	if n.Version != notificationVersion {
		return n, fmt.Errorf("read notification: version is %q, want %q (webhook_configs of Alertmanager)", n.Version, notificationVersion)
	}
	if err := checkStatus(n.Status); err != nil {
		return n, fmt.Errorf("read notification: %w", err)
	}
	if len(n.Alerts) == 0 {
		return n, errors.New("read notification: it has no alerts, want at least one")
	}
	for i, a := range n.Alerts {
		err := checkStatus(a.Status)
		switch {
		case err != nil:
		case a.Labels["alertname"] == "":
			err = errors.New("no label alertname")
		case a.StartsAt.IsZero():
			err = errors.New("no startsAt")
		}
		if err != nil {
			return n, fmt.Errorf("read alert %d of notification: %w", i+1, err)
		}
	}
	return n, nil
}

func checkStatus(status string) error {
	if status != "firing" && status != "resolved" {
		return fmt.Errorf("status is %q, want firing or resolved", status)
	}
	return nil
}

// key identifies the alert by its labels.
func (a notified) key() string { return alert{Labels: a.Labels}.key() }

// id tells one firing of an alert from the next.
func (a notified) id() string { return a.key() + " " + a.StartsAt.UTC().Format(time.RFC3339Nano) }

// signal is a signal of kind k about the alert.
func (a notified) signal(k harness.Kind, at time.Time) harness.Signal {
	s := alert{Labels: a.Labels}.signal(k, at, arrival)
	s.Source = webhookSource
	return s
}
