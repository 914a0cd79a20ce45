package readback

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/ledger"
	"github.com/fournines/fournines/harness/loopback"
)

const (
	// pageLimit is how many orders are asked for at once.
	pageLimit = 500
	// askTimeout bounds one question.
	askTimeout = 2 * time.Second
	// mostOfPage bounds one answer, in bytes: far above pageLimit orders.
	mostOfPage  = 1 << 20
	connections = 2
)

// Orders is where the orders of one client are read, the way clients do. Make
// one with NewOrders. All methods may be called concurrently.
type Orders struct {
	Source
	client *http.Client
	guard  loopback.Guard
}

// Source says where and as whom to read.
type Source struct {
	// Edge is the base URL of the edge.
	Edge string
	// Client is whose orders are read.
	Client string
	// Authorization is sent with every question; may be empty.
	Authorization string
	// Trust holds the authorities of the edge's certificate; nil for those that
	// the machine trusts.
	Trust *x509.CertPool
}

// NewOrders reads from s.
func NewOrders(s Source) *Orders {
	guard := loopback.Allowing().Trusting(s.Trust)
	return &Orders{Source: s, guard: guard, client: &http.Client{
		Transport: guard.Transport(connections), Timeout: askTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Close lets go of kept connections.
func (o *Orders) Close() { o.client.CloseIdleConnections() }

// page is one answer.
type page struct {
	Orders []struct {
		Key string `json:"key"`
		ledger.Order
	} `json:"orders"`
	Next int64 `json:"next"`
}

// rows are the writes that the page shows.
func (p page) rows() (all []ledger.Row) {
	for _, o := range p.Orders {
		all = append(all, ledger.Row{Key: o.Key, Digest: o.Order.Digest()})
	}
	return all
}

// errUseless is an answer that asking again makes no better.
var errUseless = errors.New("not an answer of the orders service")

// After reads the page of orders with IDs above after; next is where the one
// behind it begins, 0 behind the last.
func (o *Orders) After(ctx context.Context, after int64) (rows []ledger.Row, next int64, err error) {
	p, err := o.ask(ctx, url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {strconv.Itoa(pageLimit)}})
	if err == nil && p.Next != 0 && p.Next <= after {
		err = fmt.Errorf("%w: the page after order %d is followed by the one after %d: want the pages to advance", errUseless, after, p.Next)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the orders of %q: %w", o.Client, err)
	}
	return p.rows(), p.Next, nil
}

// Keyed reads the orders with one key.
func (o *Orders) Keyed(ctx context.Context, key string) ([]ledger.Row, error) {
	p, err := o.ask(ctx, url.Values{"key": {key}})
	if err != nil {
		return nil, fmt.Errorf("read order %q: %w", key, err)
	}
	return p.rows(), nil
}

// ask sends one question. Orders of another client in the answer are an error.
func (o *Orders) ask(ctx context.Context, query url.Values) (p page, err error) {
	query.Set("client", o.Client)
	address := strings.TrimRight(o.Edge, "/") + "/api/orders/?" + query.Encode()
	if err := o.guard.Check(address); err != nil {
		return page{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, err
	}
	if o.Authorization != "" {
		req.Header.Set("Authorization", o.Authorization)
	}
	resp, err := o.client.Do(req)
	if err != nil {
		return page{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostOfPage))
	switch {
	case err != nil:
		return page{}, fmt.Errorf("want a whole answer: %w", err)
	case resp.StatusCode != http.StatusOK:
		return page{}, fmt.Errorf("want status 200, saw %s: %.120q", resp.Status, body)
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return page{}, fmt.Errorf("%w: want a list as JSON, saw %.120q: %w", errUseless, body, err)
	}
	for _, order := range p.Orders {
		if order.Client != o.Client {
			return page{}, fmt.Errorf("%w: want orders of %q alone, saw one of %.80q", errUseless, o.Client, order.Client)
		}
	}
	return p, nil
}
