package observe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
)

const (
	// webhookSource is the source of what Alertmanager sends.
	webhookSource = "alertmanager"
	// arrival is how exactly the arrival of a notification is dated.
	arrival = time.Millisecond
	// readTimeout bounds the reading of one notification.
	readTimeout = 5 * time.Second
	// hangUp is how long notifications that are under way may take at the end.
	hangUp = time.Second
)

// ListenWebhook opens addr, "127.0.0.1:9094", for Webhook. An address that is
// not of this machine alone is an error: whoever can reach it could write into
// the evidence.
func ListenWebhook(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("listen for alerts on %q: want HOST:PORT such as 127.0.0.1:9094: %w", addr, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("listen for alerts on %q: want a loopback address such as 127.0.0.1:9094, so that only this machine can send any", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for alerts: %w", err)
	}
	return l, nil
}

// Webhook receives Alertmanager's notifications (webhook_configs, POST to any
// path of l) and emits alert-firing and alert-resolved with the source
// "alertmanager". The time is that of the arrival, when a person would have
// been paged, and not of startsAt; the subject is the alert's label replica,
// else instance; the detail is its name. An alert that Alertmanager repeats,
// or sends again because its group has changed, is one signal. One that fired
// before the observation began is where it starts from; its end is a signal.
//
// The observer owns l and closes it. A notification that cannot be read is
// refused with status 400; it is an error when that goes for all of them,
// because silence would look like "no alert". Alerts that Alertmanager leaves
// out (max_alerts) are not seen.
func Webhook(l net.Listener) harness.Observer { return &webhook{listener: l} }

type webhook struct{ listener net.Listener }

func (w *webhook) String() string { return webhookSource }

// Observe implements harness.Observer.
func (w *webhook) Observe(ctx context.Context, emit func(harness.Signal)) error {
	in := &inbox{began: time.Now(), emit: emit, firing: map[string]bool{}}
	server := &http.Server{Handler: in, ReadTimeout: readTimeout, ReadHeaderTimeout: readTimeout}
	var failure error
	served := make(chan struct{})
	go func() {
		defer close(served)
		failure = server.Serve(w.listener)
	}()
	select {
	case <-ctx.Done():
	case <-served:
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangUp)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		_ = server.Close() // what is still under way is cut off
	}
	<-served
	if errors.Is(failure, http.ErrServerClosed) {
		failure = nil // the end that was asked for
	}
	if err := errors.Join(in.close(), failure); err != nil {
		return fmt.Errorf("receive alerts on %s: %w", w.listener.Addr(), err)
	}
	return nil
}

// inbox takes notifications and emits what is new in them.
type inbox struct {
	began time.Time

	mu     sync.Mutex
	closed bool
	emit   func(harness.Signal)
	// firing maps an alert to whether its last known state was firing.
	firing map[string]bool
	// read is whether any notification could be, refused the first error.
	read    bool
	refused error
}

// ServeHTTP takes one notification.
func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "want a POST of an Alertmanager notification", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDocument))
	at := time.Now()
	var n notification
	if err == nil {
		n, err = parseNotification(body)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.closed:
		http.Error(w, "the observation is over", http.StatusServiceUnavailable)
	case err != nil:
		if in.refused == nil {
			in.refused = err
		}
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		in.read = true
		in.take(n, at)
	}
}

// take emits what a notification that arrived at a time says anew.
func (in *inbox) take(n notification, at time.Time) {
	for _, a := range n.Alerts {
		id := a.id()
		was, known := in.firing[id]
		now := a.Status == "firing"
		in.firing[id] = now
		switch {
		case now && !was && (known || !a.StartsAt.Before(in.began)):
			in.emit(a.signal(harness.AlertFiring, at))
		case !now && (was || !known):
			in.emit(a.signal(harness.AlertResolved, at))
		}
	}
}

// know takes a notification as what was known when the observation began.
func (in *inbox) know(n notification) {
	for _, a := range n.Alerts {
		in.firing[a.id()] = a.Status == "firing"
	}
}

// close ends the taking and returns why nothing could be read; nil when
// something was, or nothing came.
func (in *inbox) close() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
	if in.read || in.refused == nil {
		return nil
	}
	return fmt.Errorf("no notification could be read, the first because: %w", in.refused)
}
