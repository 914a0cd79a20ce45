package load

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/fournines/fournines/harness/ledger"
)

// Shares of the mix Shop; the rest are reads.
const (
	orderShare = 0.19
	// againShare are orders that are sent a second time, as a client does that
	// is not sure of the first: one in twenty.
	againShare = 0.01
	// farthest is how far back in the schedule the order lies that is sent
	// again, at most.
	farthest = 100
	// mostOfAnItem is the largest quantity that is ordered.
	mostOfAnItem = 5
)

// keyHeader is the client's own name of an order.
const keyHeader = "Idempotency-Key"

// Shop is what buyers do at the edge's base URL: 80 % reads of the catalog, in
// the shares of Browse, and 20 % orders. Each order has an idempotency key; one
// in twenty orders is one of the last hundred requests' that is sent again
// under its key, and must have no effect. An order's answer must be 200 or 201
// with the order as JSON.
//
// Which requests are sent, and their keys, depend on seed alone. client is
// whose orders they are: another for every run against the same stack, so that
// each can be told from what was ordered before.
func Shop(baseURL string, seed uint64, client string) Source {
	s := shop{
		seed: seed, client: client, orders: strings.TrimRight(baseURL, "/") + "/api/orders/",
		// Not the same random numbers as for the choice of the kind.
		reads: Browse(baseURL, seed^0x9e3779b97f4a7c15),
	}
	return s.request
}

type shop struct {
	seed           uint64
	client, orders string
	reads          Source
}

// kinds of a request.
type kind int

const (
	reading kind = iota
	ordering
	again
)

// kind says what request seq is; what r gives next is for its content.
func (s shop) kind(seq uint64) (k kind, r *rand.Rand) {
	r = rand.New(rand.NewPCG(s.seed, seq))
	switch share := r.Float64(); {
	case share < orderShare:
		return ordering, r
	case share < orderShare+againShare:
		return again, r
	}
	return reading, r
}

func (s shop) request(seq uint64) Request {
	switch k, r := s.kind(seq); k {
	case ordering:
		return s.order(seq, r)
	case again:
		for back := uint64(1); back <= farthest && back <= seq; back++ {
			if k, r := s.kind(seq - back); k == ordering {
				return s.order(seq-back, r)
			}
		}
		return s.order(seq, r) // there is none before
	}
	return s.reads(seq)
}

// order is the order of place seq in the schedule.
func (s shop) order(seq uint64, r *rand.Rand) Request {
	o := ledger.Order{Client: s.client, Item: 1 + r.IntN(items), Quantity: 1 + r.IntN(mostOfAnItem)}
	key := fmt.Sprintf("%x-%d", s.seed, seq)
	return Request{
		Method: http.MethodPost, URL: s.orders, Body: o.Body(),
		Header: http.Header{keyHeader: {key}, "Content-Type": {"application/json"}},
		Check:  isOrder(key, o),
		Write:  &ledger.Row{Key: key, Digest: o.Digest()},
	}
}

// isOrder checks that a body is the order that was sent.
func isOrder(key string, o ledger.Order) func([]byte) error {
	return func(body []byte) error {
		var got struct {
			ledger.Order
			Key string `json:"key"`
		}
		if err := json.Unmarshal(body, &got); err != nil {
			return fmt.Errorf("expected order %q as JSON, saw %.60q: %w", key, body, err)
		}
		if got.Key != key || got.Order != o {
			return fmt.Errorf("expected order %q of %d × item %d, saw %.100q", key, o.Quantity, o.Item, body)
		}
		return nil
	}
}
