// Package orders is the reference platform's write service: what the shop's
// clients ordered, in PostgreSQL. An order that was acknowledged is committed
// and on disk.
package orders

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Service is the name under which replicas register.
const Service = "orders"

// Draft is what a client asks for.
type Draft struct {
	// Client says whose order it is.
	Client string `json:"client"`
	// Item and Quantity are what is ordered.
	Item     int `json:"item"`
	Quantity int `json:"quantity"`
	// Key is the client's own name of the order, unique among its orders: two
	// drafts with one key are one order.
	Key string `json:"key"`
}

// Order is a draft that was accepted.
type Order struct {
	ID int64 `json:"id"`
	Draft
	Placed time.Time `json:"placed"`
}

// hash tells drafts with the same key apart.
func (d Draft) hash() []byte {
	text, _ := json.Marshal(d) // strings and numbers only
	sum := sha256.Sum256(text)
	return sum[:]
}

// Bounds on what a draft may hold.
const (
	longestName  = 64
	mostOfAnItem = 100
)

// check returns everything that is wrong with a draft at once; items is how
// many there are in the shop.
func (d Draft) check(items int) error {
	var problems []error
	for _, name := range []struct{ what, value string }{{"client", d.Client}, {"the Idempotency-Key header", d.Key}} {
		if !plain(name.value) {
			problems = append(problems, fmt.Errorf("%s is %.80q, want 1 to %d letters, digits, '-', '_' or '.'", name.what, name.value, longestName))
		}
	}
	if d.Item < 1 || d.Item > items {
		problems = append(problems, fmt.Errorf("item is %d, want 1 to %d", d.Item, items))
	}
	if d.Quantity < 1 || d.Quantity > mostOfAnItem {
		problems = append(problems, fmt.Errorf("quantity is %d, want 1 to %d", d.Quantity, mostOfAnItem))
	}
	return errors.Join(problems...)
}

// plain reports whether a name may be repeated in logs and addresses.
func plain(name string) bool {
	if name == "" || len(name) > longestName {
		return false
	}
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
