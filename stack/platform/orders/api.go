package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

const (
	// KeyHeader is the client's own name of an order.
	KeyHeader = "Idempotency-Key"
	// replayedHeader says that the answer is one that was given before.
	replayedHeader = "Idempotent-Replayed"
	// timeoutHeader is how long who asks will wait, in milliseconds.
	timeoutHeader = "X-Request-Timeout-Ms"
	// patience is how long a request may take when nobody says.
	patience = time.Second
	// largestDraft is in bytes.
	largestDraft = 4 << 10
	// defaultLimit and largestLimit are orders per page.
	defaultLimit = 100
	largestLimit = 1000
)

// page is the answer of a list.
type page struct {
	Orders []Order `json:"orders"`
	// Next is where the next page begins; absent from the last one.
	Next int64 `json:"next,omitempty"`
}

// api serves POST /, GET /{id}, GET /?client=&after=&limit= and
// GET /?client=&key=; the gateways put /api/orders before it.
type api struct {
	store Store
	items int
	log   *slog.Logger

	placed, replayed, mismatched, unavailable atomic.Int64
}

func (a *api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", a.place)
	mux.HandleFunc("GET /{id}", a.one)
	mux.HandleFunc("GET /{$}", a.list)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := patience
		if ms, err := strconv.ParseInt(r.Header.Get(timeoutHeader), 10, 32); err == nil && ms > 0 {
			limit = min(limit, time.Duration(ms)*time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		mux.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (a *api) place(w http.ResponseWriter, r *http.Request) {
	d := Draft{Key: r.Header.Get(KeyHeader)}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestDraft))
	if err == nil {
		var in struct {
			Client   string `json:"client"`
			Item     int    `json:"item"`
			Quantity int    `json:"quantity"`
		}
		err = json.Unmarshal(body, &in)
		d.Client, d.Item, d.Quantity = in.Client, in.Item, in.Quantity
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("want an order as JSON of at most %d bytes: %v", largestDraft, err))
		return
	}
	if err := d.check(a.items); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	said, replayed, err := a.store.Place(r.Context(), d)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if replayed {
		a.replayed.Add(1)
		w.Header().Set(replayedHeader, "true")
	} else {
		a.placed.Add(1)
	}
	send(w, http.StatusCreated, said)
}

func (a *api) one(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("order ID is %.40q, want a number", r.PathValue("id")))
		return
	}
	order, err := a.store.Order(r.Context(), id)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, order)
}

func (a *api) list(w http.ResponseWriter, r *http.Request) {
	client := r.URL.Query().Get("client")
	after, afterErr := number(r, "after", 0, 0, 1<<62)
	limit, limitErr := number(r, "limit", defaultLimit, 1, largestLimit)
	if err := errors.Join(afterErr, limitErr); err != nil || !plain(client) {
		refuse(w, http.StatusBadRequest, errors.Join(err, fmt.Errorf("client is %.80q, want 1 to %d letters, digits, '-', '_' or '.'", client, longestName)).Error())
		return
	}
	if r.URL.Query().Has("key") {
		a.keyed(w, r, client)
		return
	}
	found, err := a.store.After(r.Context(), client, after, int(limit)+1)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	p := page{Orders: found}
	if len(found) > int(limit) {
		p.Orders = found[:limit]
		p.Next = p.Orders[limit-1].ID
	}
	if p.Orders == nil {
		p.Orders = []Order{}
	}
	answer(w, http.StatusOK, p)
}

// keyed lists the orders of a client with one key.
func (a *api) keyed(w http.ResponseWriter, r *http.Request, client string) {
	key := r.URL.Query().Get("key")
	if !plain(key) {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("key is %.80q, want 1 to %d letters, digits, '-', '_' or '.'", key, longestName))
		return
	}
	found, err := a.store.Keyed(r.Context(), client, key)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if found == nil {
		found = []Order{}
	}
	answer(w, http.StatusOK, page{Orders: found})
}

// fail answers a request that the store did not serve. Whether a write that
// failed so was done is not known: sent again with its key, it is done once.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrNoOrder):
		refuse(w, http.StatusNotFound, err.Error())
	case errors.Is(err, ErrOtherDraft):
		a.mismatched.Add(1)
		refuse(w, http.StatusUnprocessableEntity, err.Error())
	case errors.Is(r.Context().Err(), context.Canceled): // the client is gone
	default:
		a.unavailable.Add(1)
		a.log.WarnContext(r.Context(), "the database did not serve a request", "method", r.Method, "error", err.Error())
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable, "the database does not answer")
	}
}

// number reads an optional query parameter.
func number(r *http.Request, name string, otherwise, least, most int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s is %.40q, want a number from %d to %d", name, text, least, most)
	}
	return n, nil
}

// answer sends v as JSON.
func answer(w http.ResponseWriter, code int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "encode the answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	send(w, code, body)
}

// send sends JSON with its length, so that a reader notices when the answer
// was cut off.
func send(w http.ResponseWriter, code int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(code)
	_, _ = w.Write(append(body[:len(body):len(body)], '\n'))
}

// refuse sends a reason as JSON.
func refuse(w http.ResponseWriter, code int, reason string) {
	answer(w, code, map[string]string{"error": reason})
}

// figures count what became of orders.
func (a *api) figures() []telemetry.Figure {
	count := func(name, help string, n *atomic.Int64) telemetry.Figure {
		return telemetry.Figure{Name: name, Help: help, Value: float64(n.Load()), Counter: true}
	}
	return []telemetry.Figure{
		count("fournines_orders_placed_total", "Orders that were accepted.", &a.placed),
		count("fournines_orders_replayed_total", "Orders that came again and got the same answer.", &a.replayed),
		count("fournines_orders_mismatched_total", "Keys that came again with another order.", &a.mismatched),
		count("fournines_orders_unavailable_total", "Requests that the database did not serve.", &a.unavailable),
	}
}
