// Package pager is the reference platform's program that stands for the person
// who is paged: Alertmanager's webhook ends there. It keeps what arrived, with
// the time of arrival, for whoever asks on its admin port. It is in the run's
// network, because nothing in there can reach the harness.
package pager

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// NotifyPath takes what Alertmanager posts, on the traffic port.
	NotifyPath = "/notify"
	// NotificationsPath lists what arrived, on the admin port.
	NotificationsPath = "/notifications"
	// kept is how many notifications are remembered; the oldest goes first.
	kept = 512
	// largest bounds one notification, in bytes: with kept of them the program
	// stays far below its limit of memory.
	largest = 128 << 10
)

// Page is one notification.
type Page struct {
	// Number counts from 1 since the program began, without a gap.
	Number int `json:"number"`
	// At is when it arrived.
	At time.Time `json:"at"`
	// Body is what was posted: JSON, without the space between its parts.
	Body json.RawMessage `json:"body"`
}

// Pages is the document at NotificationsPath.
type Pages struct {
	// Began tells one life of the program from the next: numbers begin anew.
	Began time.Time `json:"began"`
	// Last is the number of the latest notification; 0 before the first.
	Last  int    `json:"last"`
	Pages []Page `json:"pages"`
}

// inbox keeps notifications. It may be used concurrently.
type inbox struct {
	began time.Time
	log   *slog.Logger

	mu    sync.Mutex
	last  int
	pages []Page
}

func newInbox(log *slog.Logger) *inbox { return &inbox{began: time.Now(), log: log} }

// take answers a POST at NotifyPath: 200 when it is kept, 400 when it is no
// JSON, 413 when it is too long.
func (in *inbox) take(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	switch {
	case err != nil:
		in.refuse(w, http.StatusRequestEntityTooLarge, "want at most "+strconv.Itoa(largest)+" bytes: "+err.Error())
		return
	case !json.Valid(body):
		in.refuse(w, http.StatusBadRequest, "want a notification of Alertmanager: JSON")
		return
	}
	in.mu.Lock()
	in.last++
	number := in.last
	in.pages = append(in.pages, Page{Number: number, At: at, Body: body})
	if len(in.pages) > kept {
		in.pages = append([]Page{}, in.pages[len(in.pages)-kept:]...)
	}
	in.mu.Unlock()
	in.log.Info("paged", "number", number, "status", statusOf(body))
}

func (in *inbox) refuse(w http.ResponseWriter, code int, why string) {
	in.log.Warn("refused a notification", "code", code, "reason", why)
	http.Error(w, why, code)
}

// statusOf is "firing" or "resolved", for the log.
func statusOf(body []byte) string {
	var n struct{ Status string }
	_ = json.Unmarshal(body, &n) // any JSON is kept; whoever reads it judges it
	return n.Status
}

// list answers a GET at NotificationsPath with the pages whose number is
// higher than the parameter after; without it, with all that are kept.
func (in *inbox) list(w http.ResponseWriter, r *http.Request) {
	after := 0
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			http.Error(w, "want after=NUMBER, 0 or more", http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(in.since(after)) // the asker went away
}

func (in *inbox) since(after int) Pages {
	in.mu.Lock()
	defer in.mu.Unlock()
	doc := Pages{Began: in.began, Last: in.last, Pages: []Page{}}
	for _, p := range in.pages {
		if p.Number > after {
			doc.Pages = append(doc.Pages, p)
		}
	}
	return doc
}
